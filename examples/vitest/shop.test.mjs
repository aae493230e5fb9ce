// How an app's tests look with onfile: nothing sleeps, and nothing is shared by accident.

import { createServer } from 'node:http';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { World, server } from './onfile.mjs';

const JENNY = 'cus_000001jennyros';
const HER_CARD = 'pm_10000004jennyscard000001';
const ADAS_HOLD = 'pi_3000000Dadashold00000001';

let running, shop, snapshot;

beforeAll(async () => {
  // The server that ONFILE_BASE_URL names, or one that is started for this run.
  const given = process.env.ONFILE_BASE_URL;
  running = given ? { url: given, stop: () => {} } : await server();
  shop = new World(running.url);
  await shop.fixture({ name: 'shop' });
  snapshot = await shop.snapshot();
});

// Each test begins with the same world, whatever the one before did to it.
beforeEach(() => shop.restore(snapshot));

afterAll(() => running?.stop());

// The app's own code, in a few lines.
function chargeMonthly(options) {
  return shop.stripe.paymentIntents.create(
    {
      amount: 1900,
      currency: 'usd',
      customer: JENNY,
      payment_method: HER_CARD,
      off_session: true,
      confirm: true,
    },
    options,
  );
}

// The app's webhook, told by the shop's world: what comes twice is counted once.
async function startApp() {
  const app = { heard: [], paid: 0 };
  const seen = new Set();
  let secret;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const signature = request.headers['stripe-signature'];
    const event = shop.stripe.webhooks.constructEvent(body, signature, secret);
    app.heard.push(event.id);
    if (!seen.has(event.id)) app.paid += event.data.object.amount;
    seen.add(event.id);
    response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/webhook`;
  const params = { url, enabled_events: ['charge.succeeded'] };
  ({ secret } = await shop.stripe.webhookEndpoints.create(params));
  app.close = () => server.close();
  return app;
}

const charges = async () => (await shop.stripe.charges.list({ customer: JENNY })).data.length;

test('a saved card is charged again', async () => {
  const after = await shop.lastEvent();
  expect((await chargeMonthly()).status).toBe('succeeded');
  const [event] = await shop.waitFor('payment_intent.succeeded', { after });
  expect(event.data.object.customer).toBe(JENNY);
  expect(await charges()).toBe(4);
});

test('each test begins with the same world', async () => {
  expect(await charges()).toBe(3);
});

test('a hold ends after a week', async () => {
  await shop.advance({ days: 7 });
  expect((await shop.stripe.paymentIntents.retrieve(ADAS_HOLD)).status).toBe('canceled');
});

test('a lost answer charges once', async () => {
  await shop.fail('lost', { path: '/v1/payment_intents' });
  const paid = await chargeMonthly({ idempotencyKey: 'march', maxNetworkRetries: 2 });
  expect(paid.status).toBe('succeeded');
  expect(await charges()).toBe(4);
});

test('the app counts once what comes twice', async () => {
  const app = await startApp();
  try {
    await shop.fail('twice', { type: 'charge.succeeded' });
    const after = await shop.lastEvent();
    await chargeMonthly();
    await shop.waitFor('charge.succeeded', { after, delivered: true });
    expect(app.heard).toHaveLength(2);
    expect(app.paid).toBe(1900);
  } finally {
    app.close();
  }
});

test('the app is told again of what it missed', async () => {
  const app = await startApp();
  try {
    await shop.fail('fail', { status: 503, path: '/webhook' });
    const after = await shop.lastEvent();
    await chargeMonthly();
    await shop.waitFor('charge.succeeded', { after });
    expect(app.heard).toEqual([]);
    await shop.advance({ minutes: 10 });
    expect(app.paid).toBe(1900);
  } finally {
    app.close();
  }
});

test('what a charge changes', async () => {
  const before = await shop.snapshot();
  await chargeMonthly();
  const { created, deleted } = await shop.changes(before);
  const made = created.map((it) => it.object);
  expect(made).toEqual(expect.arrayContaining(['payment_intent', 'charge']));
  expect(deleted).toEqual([]);
});
