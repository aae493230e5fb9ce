// A real browser on the bank's page: it answers, with and without JavaScript, and comes back.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { chromium } = require('playwright-core');
const { open, card } = require('../sdk/node/shop.cjs');

const SHOTS = path.join(process.env.ONFILE_TARGET_DIR, 'screenshots');
const COMPLETE = '#test-source-authorize-3ds';
const FAIL = '#test-source-fail-3ds';

let browser;
let shop;

before(async () => {
  fs.mkdirSync(SHOTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  shop = http.createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end('<!doctype html><title>The shop</title><h1>Back at the shop</h1>');
  });
  await new Promise((resolve) => { shop.listen(0, '127.0.0.1', resolve); });
});

after(async () => {
  await browser?.close();
  shop?.closeAllConnections();
  shop?.close();
});

const back = () => `http://127.0.0.1:${shop.address().port}/done?order=6735`;

// A page whose every request is to this machine, and that must not log an error.
async function visit(url, { javaScriptEnabled = true, width = 900, height = 700, ...more } = {}) {
  const context = await browser.newContext({
    javaScriptEnabled,
    viewport: { width, height },
    ...more,
  });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') problems.push(request.url());
  });
  await page.goto(url);
  return { context, page, problems };
}

// The two things that a customer may be asked to authenticate for.
const KINDS = {
  payment: {
    id: 'payment_intent',
    async start(stripe, more) {
      return stripe.paymentIntents.create({
        amount: 109900,
        currency: 'usd',
        customer: (await stripe.customers.create()).id,
        payment_method: await card(stripe, '4000002500003155'),
        setup_future_usage: 'off_session',
        confirm: true,
        ...more,
      });
    },
    look: (stripe, id) => stripe.paymentIntents.retrieve(id),
  },
  setup: {
    id: 'setup_intent',
    async start(stripe, more) {
      return stripe.setupIntents.create({
        customer: (await stripe.customers.create()).id,
        payment_method: await card(stripe, '4000002500003155'),
        confirm: true,
        ...more,
      });
    },
    look: (stripe, id) => stripe.setupIntents.retrieve(id),
  },
};

for (const [name, kind] of Object.entries(KINDS)) {
  for (const javaScriptEnabled of [true, false]) {
    for (const [button, status, came] of [
      [COMPLETE, 'succeeded', 'succeeded'],
      [FAIL, 'requires_payment_method', 'failed'],
    ]) {
      const scripts = javaScriptEnabled ? 'with' : 'without';
      test(`${name}, ${scripts} JavaScript, ${came}: back to the shop`, async () => {
        const { stripe } = open();
        const intent = await kind.start(stripe, { return_url: back() });
        assert.equal(intent.status, 'requires_action');
        const { context, page, problems } = await visit(
          intent.next_action.redirect_to_url.url,
          { javaScriptEnabled },
        );
        if (javaScriptEnabled && button === COMPLETE) {
          await page.screenshot({ path: path.join(SHOTS, `challenge-${name}.png`) });
        }
        assert.equal(await page.textContent(COMPLETE), 'Complete authentication');
        assert.equal(await page.textContent(FAIL), 'Fail authentication');
        await page.click(button);
        await page.waitForURL(/\/done/);
        assert.equal(await page.textContent('h1'), 'Back at the shop');
        const query = new URL(page.url()).searchParams;
        assert.equal(query.get('order'), '6735');
        assert.equal(query.get(kind.id), intent.id);
        assert.equal(query.get(`${kind.id}_client_secret`), intent.client_secret);
        assert.equal(query.get('redirect_status'), came);
        assert.equal((await kind.look(stripe, intent.id)).status, status);
        // The shop's page has no icon; that is not the bank's fault.
        assert.deepEqual(problems.filter((text) => !text.includes('404')), []);
        await context.close();
      });
    }
  }

  test(`${name}: without a way back the page says that it is done`, async () => {
    const { stripe } = open();
    const intent = await kind.start(stripe, {});
    const url = intent.next_action.use_stripe_sdk.stripe_js;
    const { context, page, problems } = await visit(url);
    await page.click(COMPLETE);
    await page.waitForLoadState();
    await page.screenshot({ path: path.join(SHOTS, `done-${name}.png`) });
    assert.equal(await page.locator(COMPLETE).count(), 0);
    assert.equal((await kind.look(stripe, intent.id)).status, 'succeeded');
    assert.deepEqual(problems, []);
    // Opened again, there is nothing to answer.
    await page.goto(url);
    await page.screenshot({ path: path.join(SHOTS, `again-${name}.png`) });
    assert.equal(await page.locator(COMPLETE).count(), 0);
    await context.close();
  });
}

test('the page fits a telephone, and the keyboard', async () => {
  const { stripe } = open();
  const intent = await KINDS.payment.start(stripe, { return_url: back() });
  const { context, page } = await visit(intent.next_action.redirect_to_url.url, {
    width: 250,
    height: 400,
    colorScheme: 'dark',
  });
  await page.screenshot({ path: path.join(SHOTS, 'challenge-narrow-dark.png') });
  // The smallest of the sizes that a challenge must fit: nothing to scroll sideways.
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 250, `${wide} pixels wide`);
  await page.locator(COMPLETE).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/done/);
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'succeeded');
  await context.close();
});

test('a page that nobody has', async () => {
  const { stripe } = open();
  const intent = await KINDS.payment.start(stripe, { return_url: back() });
  const url = new URL(intent.next_action.redirect_to_url.url);
  const wrong = url.search
    ? `${url.origin}${url.pathname}?${url.search.slice(1).replace(/.$/, 'X')}`
    : `${url.href.slice(0, -1)}X`;
  const context = await browser.newContext();
  const page = await context.newPage();
  const answer = await page.goto(wrong);
  assert.ok(answer.status() === 404 || answer.status() === 403 || answer.status() === 400);
  await page.screenshot({ path: path.join(SHOTS, 'challenge-unknown.png') });
  assert.equal(await page.locator(COMPLETE).count(), 0);
  assert.equal((await stripe.paymentIntents.retrieve(intent.id)).status, 'requires_action');
  await context.close();
});
