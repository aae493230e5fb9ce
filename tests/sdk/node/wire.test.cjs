// Pages, keys of idempotency, retries and error classes, as Stripe's Node SDK knows them.
'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const { test } = require('node:test');
const { Stripe, base, open, failure } = require('./shop.cjs');

const ORDER = { amount: 2000, currency: 'usd' };

test('auto-pagination both ways', async () => {
  const { stripe } = open();
  const made = [];
  for (let n = 0; n < 5; n += 1) made.push((await stripe.customers.create({ name: `${n}` })).id);
  const forward = [];
  for await (const customer of stripe.customers.list({ limit: 2 })) forward.push(customer.id);
  assert.deepEqual(forward, made.toReversed());
  const back = [];
  for await (const it of stripe.customers.list({ limit: 2, ending_before: made[0] })) {
    back.push(it.id);
  }
  // The pages come from the oldest on; each is newest first, as the SDK walks it backwards.
  assert.deepEqual(back, made.slice(1));
  const some = await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 3 });
  assert.deepEqual(some.map((it) => it.id), made.toReversed().slice(0, 3));
});

test('a key is used once', async () => {
  const { stripe } = open();
  const options = { idempotencyKey: 'order-1' };
  const first = await stripe.paymentIntents.create(ORDER, options);
  const again = await stripe.paymentIntents.create(ORDER, options);
  assert.equal(first.id, again.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(
    again.lastResponse.headers['original-request'],
    first.lastResponse.headers['request-id'],
  );
  assert.equal(again.lastResponse.idempotencyKey, 'order-1');
  const error = await failure(
    stripe.paymentIntents.create({ ...ORDER, amount: 2001 }, options),
  );
  assert.ok(error instanceof Stripe.errors.StripeIdempotencyError);
  assert.equal((await stripe.paymentIntents.list()).data.length, 1);
});

test('the same order eight times at once is one charge', async () => {
  const { stripe } = open({ maxNetworkRetries: 4 });
  const customer = (await stripe.customers.create()).id;
  const setup = await stripe.setupIntents.create({
    customer,
    payment_method: 'pm_card_visa',
    confirm: true,
  });
  const order = {
    ...ORDER,
    customer,
    payment_method: setup.payment_method,
    off_session: true,
    confirm: true,
  };
  const all = await Promise.all(
    Array.from({ length: 8 }, () =>
      stripe.paymentIntents.create(order, { idempotencyKey: 'order-2' }),
    ),
  );
  assert.equal(new Set(all.map((intent) => intent.id)).size, 1);
  assert.equal((await stripe.charges.list()).data.length, 1);
});

test('eight confirms at once are one charge', async () => {
  const { stripe } = open({ maxNetworkRetries: 0 });
  const intent = await stripe.paymentIntents.create({ ...ORDER, payment_method: 'pm_card_visa' });
  const all = await Promise.allSettled(
    Array.from({ length: 8 }, () => stripe.paymentIntents.confirm(intent.id)),
  );
  assert.equal(all.filter((one) => one.status === 'fulfilled').length, 1);
  for (const one of all.filter(({ status }) => status === 'rejected')) {
    assert.ok(['payment_intent_unexpected_state', 'lock_timeout'].includes(one.reason.code));
  }
  assert.equal((await stripe.charges.list({ payment_intent: intent.id })).data.length, 1);
});

// Stands between the SDK and the server, and breaks some of the answers off.
function breaking(times) {
  let broken = 0;
  const proxy = http.createServer((request, response) => {
    const onward = http.request(
      {
        host: base.hostname,
        port: base.port,
        path: request.url,
        method: request.method,
        headers: request.headers,
      },
      (answer) => {
        if (broken < times) {
          broken += 1;
          answer.resume();
          answer.on('end', () => request.socket.destroy());
          return;
        }
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  return new Promise((resolve) => {
    proxy.listen(0, '127.0.0.1', () => resolve(proxy));
  });
}

test('an answer that is lost on the way is asked for again, and charges once', async () => {
  const proxy = await breaking(2);
  try {
    const { stripe } = open({ port: proxy.address().port, maxNetworkRetries: 3 });
    const paid = await stripe.paymentIntents.create({
      ...ORDER,
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    assert.equal(paid.status, 'succeeded');
    assert.equal(paid.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal((await stripe.charges.list()).data.length, 1);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

const CLASSES = [
  ['a missing object', (stripe) => stripe.customers.retrieve('cus_none'),
    'StripeInvalidRequestError', 404, 'resource_missing'],
  ['an unknown parameter', (stripe) => stripe.customers.create({ nope: '1' }),
    'StripeInvalidRequestError', 400, 'parameter_unknown'],
  ['a missing parameter', (stripe) => stripe.paymentIntents.create({ currency: 'usd' }),
    'StripeInvalidRequestError', 400, 'parameter_missing'],
  ['another account', (stripe) => stripe.customers.list({}, { stripeAccount: 'acct_none' }),
    'StripePermissionError', 403, 'account_invalid'],
];

for (const [name, call, type, status, code] of CLASSES) {
  test(`the class of an error: ${name}`, async () => {
    const error = await failure(call(open().stripe));
    assert.deepEqual([error.type, error.statusCode, error.code], [type, status, code]);
    assert.match(error.requestId, /^req_/);
  });
}

test('the class of an error: a key that is none', async () => {
  const { stripe } = open({}, 'sk_test_invalid0000000000000000');
  const error = await failure(stripe.customers.list());
  assert.ok(error instanceof Stripe.errors.StripeAuthenticationError);
  assert.equal(error.statusCode, 401);
});

test('expansion', async () => {
  const { stripe } = open();
  const customer = await stripe.customers.create({ name: 'Jenny' });
  const paid = await stripe.paymentIntents.create({
    ...ORDER,
    customer: customer.id,
    payment_method: 'pm_card_visa',
    capture_method: 'automatic',
    confirm: true,
    expand: ['customer', 'latest_charge.balance_transaction'],
  });
  assert.equal(paid.customer.name, 'Jenny');
  assert.equal(paid.latest_charge.balance_transaction.net, 2000 - 88);
});

test('metadata and unset fields', async () => {
  const { stripe } = open();
  const made = await stripe.customers.create({
    description: 'a customer',
    metadata: { order: '6735', size: '9' },
  });
  const changed = await stripe.customers.update(made.id, {
    description: null,
    metadata: { order: null, color: 'red' },
  });
  assert.equal(changed.description, null);
  assert.deepEqual({ ...changed.metadata }, { size: '9', color: 'red' });
  assert.deepEqual({ ...(await stripe.customers.del(made.id)) }, {
    id: made.id,
    object: 'customer',
    deleted: true,
  });
});

test('events', async () => {
  const { stripe } = open();
  await stripe.paymentIntents.create({
    ...ORDER,
    payment_method: 'pm_card_visa',
    capture_method: 'automatic',
    confirm: true,
  });
  const events = await stripe.events.list();
  assert.deepEqual(events.data.map((event) => event.type).toReversed(), [
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
  ]);
});
