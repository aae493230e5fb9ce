// Drives onfile in tests: a world for each test, time that moves, events that are waited for.
// Copy this file into your project. It needs Stripe's SDK and the program `onfile` on the PATH;
// with a server that runs already (ONFILE_BASE_URL, see shop.test.mjs) the program isn't needed.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import Stripe from 'stripe';

// Starts a server that forgets, on a free port: its address, and how to end it. It ends with this
// process, however that ends: its standard input does.
export async function server(program = 'onfile') {
  const args = ['--ephemeral', '--port', '0', '--print-json', '--log', 'warn'];
  const child = spawn(program, [...args, '--until-stdin-ends'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let failure;
  child.on('error', (error) => (failure = error));
  for await (const line of createInterface({ input: child.stdout })) {
    return { url: JSON.parse(line).base_url, stop: () => child.kill() };
  }
  if (failure?.code === 'ENOENT') {
    throw new Error(
      `\`${program}\` is not on the PATH: install it (\`cargo install --locked --path ` +
        `crates/onfile\` in onfile's folder), or name a running server in ONFILE_BASE_URL`,
    );
  }
  throw failure ?? new Error(`\`${program}\` did not start: it says why above`);
}

// A test key and everything behind it. Each new key is an empty world of its own.
export class World {
  constructor(url, key = 'sk_test_' + randomUUID().replaceAll('-', '')) {
    const { hostname: host, port } = new URL(url);
    this.key = key;
    this.stripe = new Stripe(key, { protocol: 'http', host, port, telemetry: false });
  }

  // Calls a test control.
  call(method, path, params) {
    const query = method === 'GET' && params ? '?' + new URLSearchParams(params) : '';
    const body = method === 'GET' ? undefined : params;
    return this.stripe.rawRequest(method, `/onfile/v1/test${path}${query}`, body);
  }

  async now() {
    return (await this.call('GET', '/clock')).now;
  }

  // Moves the clock: `advance({ days: 7 })`. All that falls due is done when it resolves.
  async advance({ seconds = 0, minutes = 0, hours = 0, days = 0 }) {
    const advance = seconds + 60 * (minutes + 60 * (hours + 24 * days));
    return (await this.call('POST', '/clock', { advance })).now;
  }

  // Takes everything out of the world.
  reset() {
    return this.call('POST', '/reset');
  }

  // Makes this empty world from one of the files that come with the server, or from your own.
  async fixture({ name, file }) {
    const params = file ? { file: await readFile(file, 'utf8') } : { name };
    return this.call('POST', '/fixture', params);
  }

  // Keeps the world as it stands; give what it resolves to to `restore` or `changes`.
  async snapshot() {
    return (await this.call('POST', '/snapshots')).id;
  }

  restore(snapshot) {
    return this.call('POST', `/snapshots/${snapshot}/restore`);
  }

  // What was created, updated and deleted since a snapshot.
  changes(since) {
    return this.call('GET', '/changes', { since });
  }

  // Where the next events come behind; '' stands for the beginning.
  async lastEvent() {
    return (await this.stripe.events.list({ limit: 1 })).data[0]?.id ?? '';
  }

  // The next `count` events of a type behind the event `after`, oldest first; with `delivered`
  // not before every webhook endpoint has taken them.
  async waitFor(type, { after, count = 1, delivered = false, timeout = 10 }) {
    const params = { type, after, count, delivered, timeout };
    const answer = await this.call('GET', '/events/wait', params);
    if (!answer.complete) {
      const done = delivered ? 'were delivered' : 'came';
      throw new Error(`in ${timeout} s not all of ${count} ${type} ${done}`);
    }
    return answer.data;
  }

  // Has something go wrong, once or as `count` and `rate` say. Answers: kind 'rate_limit', 'slow'
  // (with `delay` in ms) or 'lost'. Deliveries to webhook endpoints: 'fail' (with a `status`),
  // 'twice', 'late' (by `seconds`) or 'out_of_order'.
  async fail(kind, more = {}) {
    return (await this.call('POST', '/faults', { kind, ...more })).id;
  }
}
