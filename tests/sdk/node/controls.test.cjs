// What steers a test, by raw requests of the Node SDK: the clock, snapshots, events, faults.
'use strict';

const assert = require('node:assert/strict');
const { createServer } = require('node:http');
const { test } = require('node:test');
const { open, card, failure } = require('./shop.cjs');

const steer = (stripe, method, path, params) =>
  stripe.rawRequest(method, `/onfile/v1/test${path}`, params);

test('a test clock ends the hold of its customer', async () => {
  const { stripe } = open();
  const { now } = await steer(stripe, 'GET', '/clock');
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now });
  const customer = await stripe.customers.create({ test_clock: clock.id });
  const hold = await stripe.paymentIntents.create({
    amount: 1099,
    currency: 'usd',
    customer: customer.id,
    payment_method: await card(stripe, '4242424242424242'),
    capture_method: 'manual',
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });
  // By the hold's own second: the clock may have gone on to the next since `now`.
  const week = hold.created + 7 * 86_400;
  const advancing = await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: week });
  assert.equal(advancing.status, 'advancing');
  await steer(stripe, 'POST', '/clock', { advance: 0 });
  assert.equal((await stripe.testHelpers.testClocks.retrieve(clock.id)).status, 'ready');
  assert.equal((await stripe.paymentIntents.retrieve(hold.id)).status, 'canceled');
  assert.equal((await stripe.testHelpers.testClocks.del(clock.id)).deleted, true);
});

test('a world is kept, changed and brought back', async () => {
  const { stripe } = open();
  const customer = await stripe.customers.create({ email: 'jenny@example.com' });
  const { id } = await steer(stripe, 'POST', '/snapshots');
  await stripe.customers.update(customer.id, { name: 'Jenny' });
  const changes = await steer(stripe, 'GET', `/changes?since=${id}`);
  assert.equal(changes.updated[0].object.name, 'Jenny');
  assert.deepEqual(changes.updated[0].previous_attributes, { name: null });
  await steer(stripe, 'POST', `/snapshots/${id}/restore`);
  assert.equal((await stripe.customers.retrieve(customer.id)).name, null);
  await steer(stripe, 'POST', '/reset');
  assert.deepEqual((await stripe.customers.list()).data, []);
});

test('events are waited for', async () => {
  const { stripe } = open();
  const waiting = steer(stripe, 'GET', '/events/wait?type=customer.created&count=2&after=');
  const [one, two] = [await stripe.customers.create(), await stripe.customers.create()];
  const came = await waiting;
  assert.equal(came.complete, true);
  assert.deepEqual(came.data.map((event) => event.data.object.id), [one.id, two.id]);
});

test('answers fail on purpose, and the SDK makes them good', async () => {
  const { stripe } = open({ maxNetworkRetries: 2 });
  await stripe.customers.create();
  await steer(stripe, 'POST', '/faults', { kind: 'lost', path: '/v1/customers' });
  const made = await stripe.customers.create({ name: 'once' });
  const all = (await stripe.customers.list()).data;
  assert.deepEqual(all.map((it) => it.name), ['once', null]);
  assert.equal(all[0].id, made.id);
  await steer(stripe, 'POST', '/faults', { kind: 'rate_limit', rate: 100 });
  const refused = await failure(stripe.customers.list());
  assert.equal(refused.statusCode, 429);
});

test('an event that fails once has arrived when the clock has brought it again', async () => {
  const { stripe } = open();
  const heard = [];
  const sink = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    heard.push(JSON.parse(body).id);
    response.writeHead(204).end();
  });
  await new Promise((resolve) => sink.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${sink.address().port}/hook`;
    await stripe.webhookEndpoints.create({ url, enabled_events: ['customer.created'] });
    await steer(stripe, 'POST', '/faults', { kind: 'fail', path: '/hook', type: 'customer.*' });
    await stripe.customers.create();
    const path = '/events/wait?type=customer.created&count=1&after=&delivered=true';
    const early = await steer(stripe, 'GET', `${path}&timeout=0`);
    assert.deepEqual([early.complete, heard.length], [false, 0]);
    const waiting = steer(stripe, 'GET', `${path}&timeout=30`);
    await steer(stripe, 'POST', '/clock', { advance: 600 });
    const came = await waiting;
    assert.equal(came.complete, true);
    assert.deepEqual(heard, [came.data[0].id]);
    const { data } = await stripe.rawRequest('GET', '/onfile/v1/deliveries');
    assert.deepEqual(data[0].tries.map((made) => made.fault), ['fail', null]);
  } finally {
    sink.close();
  }
});
