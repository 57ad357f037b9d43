/** What PostgreSQL itself counts by statement against what the agent recorded, for the ERP under load. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seed } from '../../examples/erp/seed.js';
import { startService } from '../../scripts/services.js';
import { described } from '../../src/sql/described.js';
import { PATIENT, runApp } from '../support/run-app.js';

const SCALE = 0.05;
/** So that what both have counted is more than a few start-up queries. */
const REQUESTS_MIN = 50;
const STATEMENTS_MIN = 20;
/** Of the example: who has no manager has no chart. One user in twenty of the payroll's meets it. */
const ITS_OWN_FAULT =
  /erp: GET \/hr\/employees\/\d+\/chart failed: TypeError: Cannot read properties of undefined.*\n(?: +at .*\n)+/g;

let url = '';
let client: pg.Client;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const service = await startService('postgres');
  ({ url, stop } = service);
  await seed(url, { scale: SCALE });
  client = new pg.Client(url);
  await client.connect();
  await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
});

afterAll(async () => {
  await client?.end();
  await stop();
});

/** Calls by the text that we know a statement by; those of other clients are not of interest. */
async function callsOfServer(): Promise<Map<string, number>> {
  const { rows } = await client.query(
    `SELECT query, calls::int FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND query NOT LIKE '%pg_stat_statements%'`,
  );
  const calls = new Map<string, number>();
  for (const { query, calls: count } of rows) {
    const { text } = described('postgresql', query);
    calls.set(text, (calls.get(text) ?? 0) + count);
  }
  return calls;
}

it('each statement of the ERP is counted as often as by pg_stat_statements', async () => {
  await client.query('SELECT pg_stat_statements_reset()');
  const { code, stderr, stdout, lines } = await runApp('erp-under-load.mjs', {
    args: [url, String(SCALE)],
    env: PATIENT,
    timeoutMs: 60_000,
  });
  expect({ code, stderr: stderr.replace(ITS_OWN_FAULT, '') }).toEqual({ code: 0, stderr: '' });
  const recorded = new Map<string, number>();
  for (const line of lines) {
    const text = line['db.query.text'];
    // The server forgets those that fail.
    if (line.name !== 'db.client.operation.duration' || line['error.type']) continue;
    if (line['db.system.name'] !== 'postgresql') continue;
    recorded.set(String(text), (recorded.get(String(text)) ?? 0) + Number(line.count));
  }
  expect(Number(stdout)).toBeGreaterThan(REQUESTS_MIN);
  expect(recorded.size).toBeGreaterThan(STATEMENTS_MIN);
  expect(Object.fromEntries(recorded)).toEqual(Object.fromEntries(await callsOfServer()));
});
