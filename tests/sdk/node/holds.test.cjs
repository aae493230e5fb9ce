// Holds taken in parts, beyond their amount, and raised, with Stripe's Node SDK as it is published.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Stripe, open, complete, failure } = require('./shop.cjs');

const IF_AVAILABLE = 'if_available';
const EVERYTHING = {
  request_extended_authorization: IF_AVAILABLE,
  request_incremental_authorization: IF_AVAILABLE,
  request_multicapture: IF_AVAILABLE,
  request_overcapture: IF_AVAILABLE,
};

// A hold of 20.00.
function hold(stripe, method = 'pm_card_visa', card = EVERYTHING) {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method: method,
    payment_method_options: { card },
    capture_method: 'manual',
    confirm: true,
    expand: ['latest_charge'],
  });
}

function sums(intent) {
  return [intent.status, intent.amount, intent.amount_capturable, intent.amount_received];
}

test('in parts', async () => {
  const { stripe } = open();
  const held = await hold(stripe);
  const { card } = held.latest_charge.payment_method_details;
  assert.equal(card.multicapture.status, 'available');
  const part = await stripe.paymentIntents.capture(held.id, {
    amount_to_capture: 500,
    final_capture: false,
  });
  assert.deepEqual(sums(part), ['requires_capture', 2000, 1500, 500]);
  const error = await failure(stripe.paymentIntents.capture(held.id, { amount_to_capture: 1501 }));
  assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError);
  assert.equal(error.code, 'amount_too_large');
  assert.equal(error.payment_intent.amount_capturable, 1500);
  const closed = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 0 });
  assert.deepEqual(sums(closed), ['succeeded', 2000, 0, 500]);
});

test('beyond the hold', async () => {
  const { stripe } = open();
  const held = await hold(stripe);
  const { overcapture } = held.latest_charge.payment_method_details.card;
  assert.deepEqual(overcapture, { maximum_amount_capturable: 2300, status: 'available' });
  const taken = await stripe.paymentIntents.capture(held.id, {
    amount_to_capture: overcapture.maximum_amount_capturable,
  });
  assert.deepEqual(sums(taken), ['succeeded', 2300, 0, 2300]);
});

test('raised, and not', async () => {
  const { stripe } = open();
  const held = await hold(stripe);
  const raised = await stripe.paymentIntents.incrementAuthorization(held.id, { amount: 2500 });
  assert.deepEqual(sums(raised), ['requires_capture', 2500, 2500, 0]);
  const lower = await failure(
    stripe.paymentIntents.incrementAuthorization(held.id, { amount: 2500 }),
  );
  assert.equal(lower.code, 'payment_intent_invalid_parameter');
  assert.equal(lower.param, 'amount');
  const plain = await hold(stripe, 'pm_card_visa', { request_incremental_authorization: 'never' });
  const never = await failure(
    stripe.paymentIntents.incrementAuthorization(plain.id, { amount: 2500 }),
  );
  assert.equal(never.code, 'payment_intent_unexpected_state');

  // A bank that asks for its customer each time says no, and the hold stays.
  const guarded = await hold(stripe, 'pm_card_authenticationRequired');
  await complete(guarded);
  const no = await failure(
    stripe.paymentIntents.incrementAuthorization(guarded.id, { amount: 2500 }),
  );
  assert.ok(no instanceof Stripe.errors.StripeCardError);
  assert.equal(no.payment_intent.status, 'requires_capture');
  const taken = await stripe.paymentIntents.capture(guarded.id);
  assert.deepEqual(sums(taken), ['succeeded', 2000, 0, 2000]);
});
