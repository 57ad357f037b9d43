/** What a collector says of findings, from events as agents send them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FindingList, FindingRow } from '../../../src/collector/findings/findings.js';
import { fixOf } from '../../../src/collector/findings/fix-of.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { DB_CLIENT_OPERATION_DURATION } from '../../../src/shared/database-metrics.js';
import type { Series } from '../../../src/transport/batch.js';
import { FINDING_KINDS, type Finding, findingEvent } from '../../../src/transport/finding-event.js';
import { findingsOmittedEvent } from '../../../src/transport/findings-omitted-event.js';
import { histogramOf, makeBatch, send } from '../make-batch.js';

const NOW_MS = Date.UTC(2026, 10, 27, 12, 0, 0);
const WINDOW_MS = 10_000;
const folder = mkdtempSync(join(tmpdir(), 'tacho-findings-'));
let collector: Collector;

const PLACE = {
  file: 'src/books.js',
  line: 7,
  function: 'load',
  stack: 'at load (src/books.js:7)',
};
const BOOKS: Finding = {
  kind: 'n_plus_one',
  attributes: { 'http.request.method': 'GET', 'http.route': '/books/<b>' },
  system: 'postgresql',
  query: 'SELECT title FROM book WHERE author_id = ?',
  parentQuery: 'SELECT id FROM author',
  requests: 10,
  calls: 200,
  totalUs: 1_000_000,
  wastedUs: 900_000,
  rows: 400,
  errorType: undefined,
  confidence: 'high',
  place: undefined,
  orm: undefined,
  traceId: undefined,
};
const SLOW: Finding = {
  ...BOOKS,
  kind: 'slow_query',
  attributes: { 'messaging.system': 'bullmq', 'messaging.destination.name': 'mails' },
  parentQuery: undefined,
  requests: 1,
  calls: 1,
  wastedUs: 100_000,
};

beforeAll(async () => {
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => NOW_MS });
  const series = { ...DB_CLIENT_OPERATION_DURATION, attributes: [] } as unknown as Series;
  const { name, kind, unit, scale } = series;
  const histograms = [histogramOf({ name, kind, unit, scale, attributes: [] } as never, [1000])];
  const windows: Finding[][] = [
    [BOOKS, SLOW],
    [{ ...BOOKS, place: PLACE, orm: 'typeorm', traceId: 'a'.repeat(32) }],
    [{ ...BOOKS, confidence: 'medium' }],
  ];
  for (const [i, findings] of windows.entries()) {
    const startMs = NOW_MS - (windows.length - i) * WINDOW_MS;
    const events = [
      ...findings.map((finding) => findingEvent(finding, startMs + 1)),
      ...(i < 2 ? [findingsOmittedEvent({ untold: 4, forgotten: i }, startMs + 1)] : []),
    ];
    const batch = makeBatch({ startMs, histograms, events, sequence: i + 1 } as never);
    expect((await send(collector.url, batch)).status).toBe(200);
  }
});

afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(query: string): Promise<FindingRow[]> {
  const answer = await fetch(`${collector.url}/v1/findings${query}`);
  return ((await answer.json()) as { findings: FindingRow[] }).findings;
}

it('findings of several windows are one, with the place that any of them knew', async () => {
  const [books, slow, ...others] = await ask('?from=-5m');
  expect(others).toEqual([]);
  expect(books).toMatchObject({
    kind: 'n_plus_one',
    method: 'GET',
    route: '/books/<b>',
    operation: null,
    parentQuery: 'SELECT id FROM author',
    requests: 30,
    callsPerRequest: 20,
    rows: 2,
    total: 3,
    confidence: 'medium',
    code: PLACE,
    orm: 'typeorm',
    fix: fixOf({ kind: 'n_plus_one', orm: 'typeorm' }),
    firstSeenMs: NOW_MS - 3 * WINDOW_MS + 1,
    lastSeenMs: NOW_MS - WINDOW_MS + 1,
    traceId: 'a'.repeat(32),
  });
  // 2.7 s in the half minute that was recorded.
  expect(books!.perDay).toBeCloseTo((2.7 / 30) * 86_400, 3);
  expect(slow).toMatchObject({ kind: 'slow_query', route: null, operation: 'mails', code: null });
});

it('findings are chosen by their kind and service, and an unknown kind is refused', async () => {
  expect((await ask('?from=-5m&kind=slow_query')).map(({ kind }) => kind)).toEqual(['slow_query']);
  expect(await ask('?from=-5m&service=other')).toEqual([]);
  const refused = await fetch(`${collector.url}/v1/findings?kind=magic`);
  expect(refused.status).toBe(400);
});

it('what agents had no room for, and rows past the limit, are counted', async () => {
  const list = async (query: string): Promise<FindingList> =>
    (await (await fetch(`${collector.url}/v1/findings${query}`)).json()) as FindingList;
  const whole = await list('?from=-5m');
  expect(whole.omitted).toEqual({ untold: 8, forgotten: 1, rows: 0 });
  expect(whole.readFromMs).toBeNull();
  expect((await list('?from=-5m&limit=1')).omitted.rows).toBe(1);
  expect((await list('?from=-10s')).omitted).toEqual({ untold: 0, forgotten: 0, rows: 0 });
});

it('an identity stays the same from range to range', async () => {
  const ids = async (query: string): Promise<string[]> => (await ask(query)).map(({ id }) => id);
  const [all, last] = [await ids('?from=-5m'), await ids('?from=-12s')];
  expect(all).toHaveLength(2);
  expect(last).toEqual([all[0]]);
});

it('every kind has a fix, in the words of who made the query where that is known', () => {
  for (const kind of FINDING_KINDS) {
    expect(fixOf({ kind, orm: undefined })).toMatch(/^[A-Z].{20,}\.$/);
    expect(fixOf({ kind, orm: 'constructor' })).toBe(fixOf({ kind, orm: undefined }));
  }
  expect(fixOf({ kind: 'n_plus_one', orm: 'sequelize' })).toContain('include');
  expect(fixOf({ kind: 'single_row_writes', orm: 'prisma' })).toContain('createMany');
});
