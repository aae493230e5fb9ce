// Money given back, with Stripe's Node SDK as it is published.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Stripe, open, failure } = require('./shop.cjs');

// A payment of 20.00 that is booked at once.
function pay(stripe, method, more = {}) {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method: method,
    capture_method: 'automatic',
    confirm: true,
    ...more,
  });
}

// Moves the world's clock; what falls due is done when this returns.
function later(stripe, seconds) {
  return stripe.rawRequest('POST', '/onfile/v1/test/clock', { advance: seconds });
}

test('all, a part, and too much', async () => {
  const { stripe } = open();
  const paid = await pay(stripe, 'pm_card_visa');
  const first = await stripe.refunds.create({
    charge: paid.latest_charge,
    amount: 500,
    reason: 'duplicate',
    metadata: { order: '6735' },
  });
  assert.equal(first.status, 'succeeded');
  assert.equal(first.destination_details.card.reference_status, 'pending');
  const error = await failure(
    stripe.refunds.create({ charge: paid.latest_charge, amount: 1501 }),
  );
  assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError);
  assert.equal(
    error.message,
    'Refund amount ($15.01) is greater than unrefunded amount on charge ($15.00)',
  );
  assert.equal(error.param, 'amount');
  const rest = await stripe.refunds.create({ payment_intent: paid.id, expand: ['charge'] });
  assert.equal(rest.amount, 1500);
  assert.equal(rest.charge.refunded, true);
  const again = await failure(stripe.refunds.create({ payment_intent: paid.id }));
  assert.equal(again.code, 'charge_already_refunded');
  const ids = [];
  for await (const refund of stripe.refunds.list({ payment_intent: paid.id, limit: 1 })) {
    ids.push(refund.id);
  }
  assert.deepEqual(ids, [rest.id, first.id]);
  await later(stripe, 2);
  const named = await stripe.refunds.retrieve(first.id);
  assert.equal(named.destination_details.card.reference.length, 16);
});

test('pending, failing, and what is never canceled', async () => {
  const { stripe } = open();
  const slow = await pay(stripe, 'pm_card_pendingRefund');
  const bad = await pay(stripe, 'pm_card_refundFail');
  const pending = await stripe.refunds.create({ payment_intent: slow.id });
  const failing = await stripe.refunds.create({ payment_intent: bad.id });
  assert.deepEqual([pending.status, failing.status], ['pending', 'succeeded']);
  await later(stripe, 2);
  const arrived = await stripe.refunds.retrieve(pending.id);
  const failed = await stripe.refunds.retrieve(failing.id);
  assert.deepEqual([arrived.status, failed.status], ['succeeded', 'failed']);
  assert.equal(failed.failure_reason, 'expired_or_canceled_card');
  const changed = await stripe.refunds.update(arrived.id, { metadata: { a: 'b' } });
  assert.equal(changed.metadata.a, 'b');
  const error = await failure(stripe.refunds.cancel(arrived.id));
  assert.equal(error.message, 'Canceling this refund is unsupported.');
});

test('what the account has', async () => {
  const { stripe } = open();
  const net = 2000 - 88;
  const paid = await pay(stripe, 'pm_card_visa');
  await pay(stripe, 'pm_card_bypassPending');
  const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 100 });
  const balance = await stripe.balance.retrieve();
  assert.equal(balance.available[0].amount, net);
  assert.equal(balance.pending[0].amount, net - 100);
  const moved = await stripe.balanceTransactions.list({ source: refund.id });
  assert.equal(moved.data.length, 1);
  assert.equal(moved.data[0].net, -100);
  const whole = await stripe.balanceTransactions.retrieve(moved.data[0].id, {
    expand: ['source'],
  });
  assert.equal(whole.source.id, refund.id);
});
