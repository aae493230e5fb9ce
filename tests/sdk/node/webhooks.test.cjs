// Events that Stripe's Node SDK verifies by itself.
'use strict';

const assert = require('node:assert/strict');
const http = require('node:http');
const { test } = require('node:test');
const { open, failure } = require('./shop.cjs');

// A server that keeps what is sent to it; `next()` is the next request, as it comes.
async function listen(context) {
  const heard = [];
  const waiting = [];
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body: Buffer.concat(chunks) };
      const waiter = waiting.shift();
      if (waiter) waiter(one);
      else heard.push(one);
      response.writeHead(200).end();
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const next = () =>
    heard.length > 0 ? Promise.resolve(heard.shift()) : new Promise((done) => waiting.push(done));
  return { url: `http://127.0.0.1:${server.address().port}/hook`, next };
}

test('the SDK verifies what arrives', async (context) => {
  const { stripe } = open();
  const sink = await listen(context);
  const endpoint = await stripe.webhookEndpoints.create({
    url: sink.url,
    enabled_events: ['payment_intent.succeeded', 'customer.updated'],
  });
  assert.match(endpoint.secret, /^whsec_[0-9A-Za-z]{32}$/);
  assert.equal((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret, undefined);
  const customer = await stripe.customers.create({ name: 'Jenny' });
  await stripe.customers.update(customer.id, { name: 'Jane', metadata: { a: 'b' } });
  const intent = await stripe.paymentIntents.create({
    amount: 1099,
    currency: 'usd',
    customer: customer.id,
    payment_method: 'pm_card_visa',
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });

  const updated = await sink.next();
  const first = stripe.webhooks.constructEvent(
    updated.body,
    updated.headers['stripe-signature'],
    endpoint.secret,
  );
  assert.equal(first.type, 'customer.updated');
  assert.deepEqual(first.data.previous_attributes, { name: 'Jenny', metadata: { a: null } });

  const paid = await sink.next();
  const second = await stripe.webhooks.constructEventAsync(
    paid.body,
    paid.headers['stripe-signature'],
    endpoint.secret,
  );
  assert.equal(second.type, 'payment_intent.succeeded');
  assert.equal(second.data.object.id, intent.id);
  assert.equal(second.livemode, false);
  assert.equal(second.request.id, intent.lastResponse.requestId);

  const forged = await failure(
    stripe.webhooks.constructEventAsync(
      `${paid.body} `,
      paid.headers['stripe-signature'],
      endpoint.secret,
    ),
  );
  assert.equal(forged.type, 'StripeSignatureVerificationError');
});

test('endpoints are listed, turned off and deleted', async () => {
  const { stripe } = open();
  const make = () =>
    stripe.webhookEndpoints.create({ url: 'https://example.com/hook', enabled_events: ['*'] });
  const [one, other] = [await make(), await make()];
  assert.deepEqual(
    (await stripe.webhookEndpoints.list({ limit: 1 })).data.map((it) => it.id),
    [other.id],
  );
  const off = await stripe.webhookEndpoints.update(one.id, { disabled: true });
  assert.equal(off.status, 'disabled');
  assert.deepEqual((await stripe.webhookEndpoints.del(one.id)).deleted, true);
  const gone = await failure(stripe.webhookEndpoints.retrieve(one.id));
  assert.equal(gone.statusCode, 404);
  assert.equal(gone.param, 'webhook_endpoint');
});
