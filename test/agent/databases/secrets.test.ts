/**
 * Fault 25 for databases: what is bound, written into a statement, used as a key or named in an error
 * is nowhere in what leaves the process, nor in the spool. The trace of the request is kept, so its
 * spans are looked through too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, PATIENT, runApp } from '../../support/run-app.js';
import { startTdsPeer } from '../../support/tds-peer.js';
import { operations, runningService } from './served.js';

const [postgres, mariadb, redis] = ['postgres', 'mariadb', 'redis'].map(runningService);
const SECRET = 'sk9bind7f3b2a9c8d1e4f5a6b0x';
/** A value cut at any place would still show this much. */
const PART = SECRET.slice(0, 8);

it('a value of a query leaves the process by no way', async () => {
  const { path: folder, remove } = makeFolder();
  const peer = await startTdsPeer();
  const { code, stdout, stderr, lines } = await runApp('database-secrets.mjs', {
    folder,
    timeoutMs: 120_000,
    env: {
      ...PATIENT,
      PLANTED: SECRET,
      PG_URL: postgres!.url,
      MYSQL_URL: mariadb!.url,
      REDIS_URL: redis!.url,
      TDS_URL: `tds://127.0.0.1:${peer.port}`,
      TACHOGRAPH_TRACE_SAMPLE: '1',
      TACHOGRAPH_LOG: 'debug',
    },
  }).finally(() => peer.stop());
  expect(code).toBe(0);
  expect(stdout).toBe('200 \n');
  for (const system of ['postgresql', 'mysql', 'sqlite', 'microsoft.sql_server', 'redis']) {
    expect(operations(lines, { 'db.system.name': system })).toBeGreaterThan(3);
  }
  const text = JSON.stringify(lines);
  expect(text).toContain('tachograph.trace');
  expect(text).toContain('SELECT ?');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const stored = files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
  remove();
  for (const output of [text, stderr, ...stored]) {
    expect(output.toLowerCase()).not.toContain(PART.toLowerCase());
  }
});
