// Orders whose total changes, by the SDK's raw requests: each road, its declines, its preview.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { open, card, complete, failure } = require('./shop.cjs');

const PATH = '/onfile/v1/adjustments';

const adjust = (stripe, intent, amount, more = {}, options = {}) =>
  stripe.rawRequest('POST', PATH, { payment_intent: intent, amount, ...more }, options);
const adjustment = (stripe, id) => stripe.rawRequest('GET', `${PATH}/${id}`);
const went = (it) => `${it.status} ${it.road}`;
const totals = (it) => [
  it.amount_authorized,
  it.amount_captured,
  it.amount_refunded,
  it.amount_owed,
];

// An order that was paid, or held, with a card that may be charged later.
async function order(stripe, more = {}, number = '4242424242424242') {
  const customer = await stripe.customers.create({ email: 'jenny@example.com' });
  const intent = await stripe.paymentIntents.create({
    amount: 1099,
    currency: 'usd',
    customer: customer.id,
    payment_method: await card(stripe, number),
    setup_future_usage: 'off_session',
    confirm: true,
    ...more,
  });
  if (intent.status === 'requires_action') await complete(intent);
  return stripe.paymentIntents.retrieve(intent.id);
}

const MANUAL = { capture_method: 'manual' };

test('update before it is paid', async () => {
  const { stripe } = open();
  const intent = await stripe.paymentIntents.create({ amount: 1099, currency: 'usd' });
  const it = await adjust(stripe, intent.id, 1549);
  assert.equal(went(it), 'succeeded update');
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).amount, 1549);
});

test('charge the difference, then give some back', async () => {
  const { stripe } = open();
  const intent = await order(stripe);
  const more = await adjust(stripe, intent.id, 1549);
  assert.equal(went(more), 'succeeded charge');
  assert.deepEqual(totals(more), [0, 1549, 0, 0]);
  const difference = await stripe.paymentIntents.retrieve(more.payment_intents[0]);
  assert.deepEqual([difference.amount, difference.status], [450, 'succeeded']);
  const less = await adjust(stripe, intent.id, 900);
  assert.equal(went(less), 'succeeded refund');
  assert.deepEqual(totals(less), [0, 1549, 649, 0]);
  assert.equal(less.refunds.length, 2);
  assert.equal(went(await adjust(stripe, intent.id, 900)), 'succeeded none');
  const listed = await stripe.rawRequest('GET', `${PATH}?payment_intent=${intent.id}`);
  assert.equal(listed.data.length, 3);
});

test('lower a hold, and let it go', async () => {
  const { stripe } = open();
  const intent = await order(stripe, MANUAL);
  assert.equal(went(await adjust(stripe, intent.id, 700)), 'succeeded reverse');
  const held = await stripe.paymentIntents.retrieve(intent.id);
  assert.deepEqual([held.amount, held.amount_capturable], [1099, 700]);
  assert.equal(went(await adjust(stripe, intent.id, 0)), 'succeeded reverse');
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'canceled');
});

test('raise a hold where card and network allow it', async () => {
  const { stripe } = open();
  const options = { card: { request_incremental_authorization: 'if_available' } };
  const intent = await order(stripe, { ...MANUAL, payment_method_options: options });
  assert.equal(went(await adjust(stripe, intent.id, 1110)), 'succeeded increment');
  const held = await stripe.paymentIntents.retrieve(intent.id);
  assert.deepEqual([held.amount, held.amount_capturable], [1110, 1110]);
});

test('hold the difference a second time', async () => {
  const { stripe } = open();
  const intent = await order(stripe, MANUAL);
  const it = await adjust(stripe, intent.id, 1600);
  assert.equal(went(it), 'succeeded authorize');
  for (const held of [intent.id, it.payment_intents[0]]) {
    assert.equal((await stripe.paymentIntents.capture(held)).status, 'succeeded');
  }
  assert.deepEqual(totals(await adjustment(stripe, it.id)), [0, 1600, 0, 0]);
});

test('look before', async () => {
  const { stripe } = open();
  const intent = await order(stripe);
  const seen = await stripe.rawRequest('POST', `${PATH}/preview`, {
    payment_intent: intent.id,
    line_items: [{ quantity: 2, unit_amount: 700 }],
    shipping_cost: 149,
  });
  assert.deepEqual([seen.road, seen.amount, seen.difference], ['charge', 1549, 450]);
  assert.deepEqual(
    seen.could_refuse.map((one) => one.code),
    ['authentication_required', 'card_declined'],
  );
});

test('the customer completes what the bank wants them for', async () => {
  const { stripe } = open();
  const intent = await order(stripe, {}, '4000002760003184');
  const it = await adjust(stripe, intent.id, 1549);
  assert.equal(went(it), 'requires_customer charge');
  assert.equal(it.last_payment_error.code, 'authentication_required');
  const asked = await stripe.paymentIntents.confirm(it.payment_intents[0], {
    payment_method: intent.payment_method,
  });
  await complete(asked);
  const after = await adjustment(stripe, it.id);
  assert.equal(went(after), 'succeeded charge');
  assert.deepEqual(totals(after), [0, 1549, 0, 0]);
});

test('refusals and replays', async () => {
  const { stripe } = open();
  const intent = await order(stripe);
  const small = await failure(adjust(stripe, intent.id, 1120));
  assert.deepEqual([small.type, small.code], ['StripeInvalidRequestError', 'amount_too_small']);
  const again = () => adjust(stripe, intent.id, 1549, {}, { idempotencyKey: 'by air' });
  assert.deepEqual(await again(), await again());
  assert.deepEqual(totals(await adjust(stripe, intent.id, 1549)), [0, 1549, 0, 0]);
});
