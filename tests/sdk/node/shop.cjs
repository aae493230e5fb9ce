// What a shop does all day, and the bank's page as a browser without JavaScript uses it.
'use strict';

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const Stripe = require('stripe');

const base = new URL(process.env.ONFILE_BASE_URL);

// A client in a world of its own, or in that of `key`.
function open(options = {}, key = 'sk_test_' + randomUUID().replaceAll('-', '')) {
  const stripe = new Stripe(key, {
    protocol: 'http',
    host: base.hostname,
    port: base.port,
    telemetry: false,
    ...options,
  });
  return { stripe, key };
}

const CARD = { number: '4242424242424242', exp_month: 11, exp_year: 2034, cvc: '314' };

// A PaymentMethod made from a test number, attached to nobody.
async function card(stripe, number) {
  return (await stripe.paymentMethods.create({ type: 'card', card: { ...CARD, number } })).id;
}

// A charge with nobody there.
function chargeLater(stripe, customer, method, more = {}) {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: 'usd',
    customer,
    payment_method: method,
    off_session: true,
    confirm: true,
    ...more,
  });
}

// Opens the page of an intent's next action and presses the button with that id.
async function press(intent, button) {
  const action = intent.next_action;
  const url = action.redirect_to_url?.url ?? action.use_stripe_sdk.stripe_js;
  const opened = await fetch(url);
  assert.equal(opened.status, 200);
  const html = await opened.text();
  const fields = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    if (attribute(tag, 'type') === 'hidden') {
      fields.append(attribute(tag, 'name'), attribute(tag, 'value') ?? '');
    }
  }
  const tags = [...html.matchAll(/<(?:button|input)\b[^>]*>/g)].map(([tag]) => tag);
  const pressed = tags.find((tag) => attribute(tag, 'id') === button);
  if (attribute(pressed, 'name')) {
    fields.append(attribute(pressed, 'name'), attribute(pressed, 'value') ?? '');
  }
  const form = html.match(/<form\b[^>]*>/)[0];
  const target = attribute(pressed, 'formaction') ?? attribute(form, 'action') ?? '';
  const answer = await fetch(new URL(target, url), {
    method: 'POST',
    body: fields,
    redirect: 'manual',
  });
  assert.ok([200, 302, 303].includes(answer.status), String(answer.status));
  await answer.text();
  return answer;
}

function attribute(tag, name) {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`));
  return found?.[1].replaceAll('&amp;', '&').replaceAll('&quot;', '"');
}

const complete = (intent) => press(intent, 'test-source-authorize-3ds');
const fail = (intent) => press(intent, 'test-source-fail-3ds');

// The error that a call ends with.
async function failure(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

module.exports = { Stripe, base, open, card, chargeLater, complete, fail, failure };
