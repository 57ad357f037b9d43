/**
 * Fault 25 for stores: what is a key, a value, a filter, a document, a script or a part of an error is nowhere
 * in what leaves the process, nor in the spool. The trace of the request is kept. All is required.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MongoPeer, startMongoPeer } from '../../support/mongo-peer/mongo-peer.js';
import { makeFolder, PATIENT, runApp } from '../../support/run-app.js';
import { operations, runningService } from './served.js';
import { readsOf } from './served-stores.js';

const redis = runningService('redis');
const memcached = runningService('memcached');
let peer: MongoPeer;
beforeAll(async () => {
  peer = await startMongoPeer();
});
afterAll(() => peer.stop());

const SECRET = 'sk9bind7f3b2a9c8d1e4f5a6b0x';
/** A value cut at any place would still show this much. */
const PART = SECRET.slice(0, 8);

it('a value of a command leaves the process by no way', async () => {
  const { path: folder, remove } = makeFolder();
  const { code, stdout, stderr, lines } = await runApp('store-secrets.cjs', {
    folder,
    timeoutMs: 60_000,
    env: {
      ...PATIENT,
      PLANTED: SECRET,
      REDIS_URL: redis.url,
      MEMCACHED_URL: memcached.url,
      MONGO_URL: peer.url,
      TACHOGRAPH_TRACE_SAMPLE: '1',
      TACHOGRAPH_LOG: 'debug',
    },
  });
  expect(stdout).toBe('200 \n');
  expect(code).toBe(0);
  for (const system of ['redis', 'memcached', 'mongodb']) {
    expect(operations(lines, { 'db.system.name': system })).toBeGreaterThan(5);
  }
  for (const cache of ['redis', 'memcached', 'node-cache', 'keyv']) {
    expect(readsOf(lines, cache).hit).toBeGreaterThan(0);
  }
  const text = JSON.stringify(lines);
  expect(text).toContain('tachograph.trace');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const stored = files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
  remove();
  for (const output of [text, stderr, ...stored]) {
    expect(output.toLowerCase()).not.toContain(PART.toLowerCase());
  }
});
