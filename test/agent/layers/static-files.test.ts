/** Whose files are taken for those of `send`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { types } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RESPONSE_ADAPTERS } from '../../../src/agent/layers/response-adapters.js';
import type { ProbeHost } from '../../../src/agent/probe.js';
import { startAdapters } from '../../../src/agent/start-adapters.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-send-'));
const require = createRequire(join(folder, 'app.cjs'));
/** A class that a proxy breaks. */
const SENDER = 'module.exports = class { static #sent = 3; static count() { return this.#sent; } }';

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

beforeAll(() => {
  const host = { warn: () => {}, recorder: { series: () => 1 } } as unknown as ProbeHost;
  startAdapters(
    RESPONSE_ADAPTERS.filter(({ probe }) => probe === 'static-files'),
    host,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

it('a file of the application’s own is left as it is', () => {
  const Sender = require(write('mail/send/index.js', SENDER)) as { count(): number };
  expect(types.isProxy(Sender)).toBe(false);
  expect(Sender.count()).toBe(3);
});

it.each(['send', '@fastify/send'])('the function of %s is stood in for', (name) => {
  write(`node_modules/${name}/index.js`, 'module.exports = async () => ({ type: "none" })');
  const send = require(name) as () => Promise<unknown>;
  expect(types.isProxy(send)).toBe(true);
});
