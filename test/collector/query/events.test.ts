import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { openForReading, TRACE_ID_OF_EVENT } from '../../../src/collector/store/schema.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { traceOf, tracesOf } from '../../../src/collector/views/traces.js';
import type { ViewSource } from '../../../src/collector/views/view-request.js';
import { type Trace, traceEvent } from '../../../src/transport/trace-event.js';
import { HOUR_MS, makeBatch } from '../make-batch.js';

const START_MS = Date.UTC(2026, 10, 23, 12);
const openSql = await loadSqlDriver();

let folder = '';
let nowMs = START_MS;
let store: EmbeddedStore;
let source: ViewSource;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  nowMs = START_MS;
  const now = (): number => nowMs;
  const retention = RETENTION_DEFAULT;
  const limits = CARDINALITY_DEFAULT;
  store = new EmbeddedStore({ folder, openSql, now, retention, limits, runElsewhere: undefined });
  source = { store, retention, now };
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const idOf = (i: number): string => String(i).padStart(32, '0');

function trace(i: number, changes: Partial<Trace> = {}): Trace {
  return {
    timeMs: START_MS + i,
    traceId: idOf(i),
    spanId: '0'.repeat(16),
    parentId: undefined,
    reason: 'slow',
    attributes: { 'http.request.method': 'GET', 'http.route': `/r${i % 2}` },
    durationUs: (i % 5) * 100_000,
    statusCode: 200,
    queries: 0,
    queryTimeUs: 0,
    middlewareTimeUs: 0,
    clientCalls: 0,
    cacheHits: 0,
    cacheMisses: 0,
    spans: [],
    omitted: 0,
    ...changes,
  };
}

async function commit(traces: readonly Trace[], sequence: number): Promise<void> {
  const startMs = START_MS + sequence * 10_000;
  const batch = makeBatch({
    startMs,
    sequence,
    routes: { '/r0': [1000] },
    events: traces.map(traceEvent),
  });
  const outcomes = await store.commit([{ batch, receivedMs: startMs + 10_000 }]);
  expect(outcomes).toEqual([{ state: 'stored' }]);
}

async function list(changes: Partial<Parameters<typeof tracesOf>[1]> = {}): Promise<string[]> {
  const rows = await tracesOf(source, {
    service: undefined,
    fromMs: START_MS,
    toMs: START_MS + HOUR_MS,
    limit: 100,
    method: undefined,
    route: undefined,
    reason: undefined,
    user: undefined,
    minMs: 0,
    isSlowestFirst: false,
    ...changes,
  });
  return rows.map(({ traceId, duration }) => `${Number(traceId)} ${duration}`);
}

describe('traces', () => {
  it('are chosen by route and duration, newest or slowest first', async () => {
    await commit(
      [0, 1, 2, 3, 4, 5].map((i) => trace(i)),
      1,
    );
    expect(await list({ limit: 2 })).toEqual(['5 0', '4 0.4']);
    expect(await list({ isSlowestFirst: true, limit: 3 })).toEqual(['4 0.4', '3 0.3', '2 0.2']);
    expect(await list({ route: '/r1', minMs: 100 })).toEqual(['3 0.3', '1 0.1']);
    expect(await list({ reason: 'error' })).toEqual([]);
  });

  it('are not chosen by a value that looks like an attribute', async () => {
    const disguised = `x"],["http.route","/r0"],["trace_id","${idOf(7)}`;
    await commit([trace(1, { attributes: { 'a.name': disguised, 'http.route': '/r1' } })], 1);
    expect(await list({ route: '/r0' })).toEqual([]);
    expect(await list({ route: '/r1' })).toEqual(['1 0.1']);
    expect(await traceOf(source, idOf(7))).toEqual([]);
    expect(await traceOf(source, idOf(1))).toHaveLength(1);
  });

  it('are found once, before and after the 1 min files have taken them over', async () => {
    await commit([trace(1), trace(2)], 1);
    expect(await traceOf(source, idOf(2))).toMatchObject([{ traceId: idOf(2), duration: 0.2 }]);
    nowMs = START_MS + HOUR_MS;
    await store.maintain();
    expect(readdirSync(folder).some((name) => name.startsWith('minute-'))).toBe(true);
    expect(await traceOf(source, idOf(2))).toHaveLength(1);
    expect(await list()).toEqual(['2 0.2', '1 0.1']);
  });

  it('are found by an index', async () => {
    await commit([trace(1)], 1);
    const name = readdirSync(folder).find((file) => /^raw-.*\.db$/.test(file)) as string;
    const { sql } = openForReading(openSql, join(folder, name));
    const plan = sql
      .prepare(
        `EXPLAIN QUERY PLAN SELECT id FROM events
        WHERE name = 'tachograph.trace' AND ${TRACE_ID_OF_EVENT} = ? AND batch > ?`,
      )
      .all([idOf(1), 0]);
    sql.close();
    expect(JSON.stringify(plan)).toContain('events_by_trace');
  });
});
