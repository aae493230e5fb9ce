// Saving a card and charging it later, with Stripe's Node SDK as it is published.
'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { Stripe, open, card, chargeLater, complete, fail, failure } = require('./shop.cjs');

test('the literal call', async () => {
  const { stripe } = open();
  const intent = await stripe.paymentIntents.create({
    amount: 1099,
    currency: 'usd',
    setup_future_usage: 'off_session',
  });
  assert.equal(intent.status, 'requires_payment_method');
  assert.equal(intent.setup_future_usage, 'off_session');
  assert.equal(intent.lastResponse.statusCode, 200);
});

test('save while paying, charge later', async () => {
  const { stripe } = open();
  const customer = await stripe.customers.create({ email: 'jenny@example.com' });
  const method = await card(stripe, '4000002500003155');
  const intent = await stripe.paymentIntents.create({
    amount: 1099,
    currency: 'usd',
    customer: customer.id,
    setup_future_usage: 'off_session',
  });
  const asked = await stripe.paymentIntents.confirm(intent.id, { payment_method: method });
  assert.equal(asked.status, 'requires_action');
  assert.equal((await stripe.paymentMethods.retrieve(method)).customer, null);
  await complete(asked);
  const paid = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
  assert.equal(paid.status, 'succeeded');
  assert.equal(
    paid.latest_charge.payment_method_details.card.three_d_secure.result,
    'authenticated',
  );
  assert.equal((await stripe.paymentMethods.retrieve(method)).customer, customer.id);
  assert.equal((await chargeLater(stripe, customer.id, method)).status, 'succeeded');
});

test('save while paying without a customer, attach afterwards', async () => {
  const { stripe } = open();
  const method = await card(stripe, '4242424242424242');
  const paid = await stripe.paymentIntents.create({
    amount: 1099,
    currency: 'usd',
    payment_method: method,
    setup_future_usage: 'off_session',
    confirm: true,
  });
  assert.equal(paid.status, 'succeeded');
  const customer = await stripe.customers.create();
  await stripe.paymentMethods.attach(method, { customer: customer.id });
  assert.equal((await chargeLater(stripe, customer.id, method)).status, 'succeeded');
});

test('save without paying', async () => {
  const { stripe } = open();
  const customer = await stripe.customers.create();
  const setup = await stripe.setupIntents.create({
    customer: customer.id,
    payment_method: 'pm_card_authenticationRequiredOnSetup',
    return_url: 'https://shop.example/done',
    confirm: true,
  });
  assert.equal(setup.status, 'requires_action');
  assert.equal(setup.next_action.type, 'redirect_to_url');
  const back = await complete(setup);
  const location = new URL(back.headers.get('location'));
  assert.equal(location.searchParams.get('setup_intent'), setup.id);
  assert.equal(location.searchParams.get('redirect_status'), 'succeeded');
  const done = await stripe.setupIntents.retrieve(setup.id);
  assert.equal(done.status, 'succeeded');
  assert.equal(
    (await chargeLater(stripe, customer.id, done.payment_method)).status,
    'succeeded',
  );
});

test('be refused well, and recover', async () => {
  const { stripe } = open();
  const customer = await stripe.customers.create();
  const method = await card(stripe, '4000002500003155');
  await stripe.paymentMethods.attach(method, { customer: customer.id });
  const error = await failure(chargeLater(stripe, customer.id, method));
  assert.ok(error instanceof Stripe.errors.StripeCardError);
  assert.equal(error.type, 'StripeCardError');
  assert.equal(error.rawType, 'card_error');
  assert.equal(error.statusCode, 402);
  assert.equal(error.code, 'authentication_required');
  assert.equal(error.decline_code, 'authentication_required');
  assert.equal(error.doc_url, 'https://stripe.com/docs/error-codes/authentication-required');
  assert.match(error.charge, /^ch_/);
  assert.match(error.requestId, /^req_/);
  assert.equal(error.payment_method.id, method);
  assert.equal(error.payment_intent.status, 'requires_payment_method');

  const again = await stripe.paymentIntents.confirm(error.payment_intent.id, {
    payment_method: error.payment_method.id,
    setup_future_usage: 'off_session',
  });
  assert.equal(again.status, 'requires_action');
  await complete(again);
  assert.equal((await stripe.paymentIntents.retrieve(again.id)).status, 'succeeded');
  assert.equal((await chargeLater(stripe, customer.id, method)).status, 'succeeded');
});

test('a failed challenge', async () => {
  const { stripe } = open();
  const intent = await stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    payment_method: 'pm_card_authenticationRequired',
    confirm: true,
  });
  await fail(intent);
  const failed = await stripe.paymentIntents.retrieve(intent.id);
  assert.equal(failed.status, 'requires_payment_method');
  assert.equal(failed.last_payment_error.code, 'payment_intent_authentication_failure');
});

const DECLINES = [
  ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline', 'try_again_later'],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds',
    'try_again_later'],
  ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', 'do_not_try_again'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card', 'confirm_card_data'],
  ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc', 'confirm_card_data'],
  ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error',
    'try_again_later'],
];

for (const [method, code, declineCode, advice] of DECLINES) {
  test(`declined: ${method}`, async () => {
    const { stripe } = open();
    const error = await failure(
      stripe.paymentIntents.create({
        amount: 2000,
        currency: 'usd',
        payment_method: method,
        confirm: true,
      }),
    );
    assert.ok(error instanceof Stripe.errors.StripeCardError);
    assert.deepEqual([error.code, error.decline_code], [code, declineCode]);
    assert.equal(error.raw.advice_code, advice);
    assert.equal(error.payment_intent.last_payment_error.code, code);
  });
}

test('a hold is captured, another canceled', async () => {
  const { stripe } = open();
  const order = {
    amount: 5000,
    currency: 'usd',
    payment_method: 'pm_card_visa',
    capture_method: 'manual',
    confirm: true,
  };
  const held = await stripe.paymentIntents.create(order);
  assert.equal(held.status, 'requires_capture');
  const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 4000 });
  assert.deepEqual([taken.status, taken.amount_received], ['succeeded', 4000]);
  const other = await stripe.paymentIntents.create(order);
  assert.equal((await stripe.paymentIntents.cancel(other.id)).status, 'canceled');
  const error = await failure(stripe.paymentIntents.capture(other.id));
  assert.ok(error instanceof Stripe.errors.StripeInvalidRequestError);
  assert.equal(error.code, 'payment_intent_unexpected_state');
});

test('Europe and America', async () => {
  const { stripe } = open();
  const moved = await stripe.rawRequest('POST', '/onfile/v1/test/account', { country: 'DE' });
  assert.equal(moved.default_currency, 'eur');
  const customer = await stripe.customers.create();
  const method = await card(stripe, '4000002760000016');
  const setUp = async (usage) => {
    const intent = await stripe.paymentIntents.create({
      amount: 8000,
      currency: 'eur',
      customer: customer.id,
      payment_method: method,
      setup_future_usage: usage,
      confirm: true,
    });
    if (intent.status === 'requires_action') await complete(intent);
  };
  await setUp('on_session');
  const later = { currency: 'eur' };
  const error = await failure(chargeLater(stripe, customer.id, method, later));
  assert.equal(error.code, 'authentication_required');
  await setUp('off_session');
  assert.equal((await chargeLater(stripe, customer.id, method, later)).status, 'succeeded');
});
