// What the examples' runs leave out, because a server is there already: starting one.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { test } = require('node:test');
const { pathToFileURL } = require('node:url');

const TARGET = process.env.ONFILE_TARGET_DIR;
const PROGRAM = path.join(TARGET, 'debug/onfile');

// Beside the modules that it imports.
const folder = path.join(TARGET, 'node/example-server');
fs.mkdirSync(folder, { recursive: true });
const copy = path.join(folder, 'onfile.mjs');
fs.copyFileSync(path.join(__dirname, '../../../examples/vitest/onfile.mjs'), copy);
const source = pathToFileURL(copy).href;

const STARTS = `
  import { World, server } from ${JSON.stringify(source)};
  const { url } = await server(${JSON.stringify(PROGRAM)});
  console.log((await new World(url).stripe.customers.create()).object);
  setInterval(() => {}, 1000);
`;

test('a server is quiet, and goes with whoever started it', { timeout: 60_000 }, async () => {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', STARTS]);
  let said = '';
  let complained = '';
  starter.stderr.on('data', (part) => (complained += part));
  const ended = new Promise((resolve) => starter.stderr.on('close', resolve));
  for await (const part of starter.stdout) {
    said += part;
    if (said.includes('\n')) break;
  }
  assert.equal(said, 'customer\n', complained);
  starter.kill('SIGKILL');
  // The server has this pipe too: it closes when both are gone.
  await ended;
  assert.equal(complained, '');
});

test('where there is no program, one sentence says what to do', async () => {
  const { server } = await import(source);
  await assert.rejects(server('nonesuch'), /`nonesuch` is not on the PATH: install it/);
});
