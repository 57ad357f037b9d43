/** The collector watches the locks of a real PostgreSQL, and tells of who waited for whom as findings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startService } from '../../../scripts/services.js';
import type { AdviceAnswer } from '../../../src/collector/advice/start-advice.js';
import type { FindingRow } from '../../../src/collector/findings/findings.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { type Finding, findingEvent } from '../../../src/transport/finding-event.js';
import { makeBatch, send } from '../make-batch.js';

const PATIENCE = { timeout: 30_000, interval: 100 };
const START_MS_MAX = 300_000;
const SECRET = 'swordfish';
const BLOCKED = 'UPDATE account SET owner = ? WHERE id = ?';
const folder = mkdtempSync(join(tmpdir(), 'tacho-locks-'));
let collector: Collector;
let url = '';
let stop = async (): Promise<void> => {};
const clients: pg.Client[] = [];

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

/** As an agent tells of the statement that waits: with its line. */
const slow: Finding = {
  kind: 'slow_query',
  attributes: { 'http.request.method': 'PUT', 'http.route': '/accounts/:id' },
  system: 'postgresql',
  query: BLOCKED,
  parentQuery: undefined,
  ...{ requests: 1, calls: 1, totalUs: 9, wastedUs: 9, rows: 1 },
  errorType: undefined,
  confidence: 'high',
  place: { file: 'src/accounts.js', line: 31, function: 'rename', stack: '' },
  orm: undefined,
  traceId: undefined,
};

beforeAll(async () => {
  const service = await startService('postgres');
  stop = service.stop;
  url = service.url;
  const maker = await connect();
  await maker.query('CREATE TABLE account (id int PRIMARY KEY, owner text)');
  await maker.query("INSERT INTO account VALUES (1, 'a')");
  collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    log: () => {},
    adviseDsn: url,
    adviseTimes: { firstMs: 3_600_000, locksEveryMs: 100 },
  });
  const startMs = Date.now() - 10_000;
  const events = [findingEvent(slow, startMs + 1)];
  const batch = makeBatch({ startMs, events, service: 'bank' });
  expect((await send(collector.url, batch)).status).toBe(200);
}, START_MS_MAX);
afterAll(async () => {
  await collector.close();
  for (const client of clients) await client.end();
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const waits = async (kind = 'lock_wait'): Promise<FindingRow[]> => {
  const answer = await fetch(`${collector.url}/v1/findings?kind=${kind}`);
  return ((await answer.json()) as { findings: FindingRow[] }).findings;
};

it('a wait is a finding with both statements, its time, and the line of the one that waits', async () => {
  const [holder, waiter] = [await connect(), await connect()];
  await holder.query('BEGIN');
  await holder.query(`DELETE FROM account WHERE owner = 'a' AND owner <> '${SECRET}'`);
  const waiting = waiter.query('UPDATE account SET owner = $1 WHERE id = 1', [SECRET]);
  const [found] = await vi.waitFor(async () => {
    const seen = await waits();
    expect(seen).toHaveLength(1);
    expect(seen[0]!.wasted).toBeGreaterThan(0.3);
    return seen;
  }, PATIENCE);
  expect(found).toMatchObject({
    service: 'bank',
    method: 'PUT',
    route: '/accounts/:id',
    query: BLOCKED,
    blocker: { query: 'DELETE FROM account WHERE owner = ? AND owner <> ?', state: 'idle' },
    requests: 1,
    code: { file: 'src/accounts.js', line: 31, function: 'rename' },
  });
  expect(JSON.stringify(found)).not.toContain(SECRET);
  await holder.query('ROLLBACK');
  await waiting;
});

it('a deadlock costs a second, however soon it was ended', async () => {
  const [one, two] = [await connect(), await connect()];
  // Of the default the second is as long.
  for (const client of [one, two]) {
    await client.query("SET deadlock_timeout = '800ms'");
    await client.query('BEGIN');
  }
  await one.query('SELECT pg_advisory_xact_lock(1)');
  await two.query('SELECT pg_advisory_xact_lock(2)');
  await Promise.allSettled([
    one.query('SELECT pg_advisory_xact_lock(2)'),
    two.query('SELECT pg_advisory_xact_lock(1)'),
  ]);
  const [found] = await vi.waitFor(async () => {
    const seen = await waits('deadlock');
    expect(seen).toHaveLength(1);
    return seen;
  }, PATIENCE);
  expect(found!.wasted).toBeGreaterThanOrEqual(1);
});

it('whether waits can be seen is a part of what the advisor says, and goes on after a lost connection', async () => {
  const locks = async () =>
    ((await (await fetch(`${collector.url}/v1/advice`)).json()) as AdviceAnswer).locks;
  expect(await locks()).toEqual({ state: 'ok', reason: null, omitted: 0 });
  const killer = await connect();
  await killer.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tachograph-advisor'",
  );
  await vi.waitFor(async () => expect((await locks()).state).toBe('failed'), PATIENCE);
  await vi.waitFor(async () => expect((await locks()).state).toBe('ok'), PATIENCE);
});
