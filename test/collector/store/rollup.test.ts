import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type {
  AskedLevel,
  HistogramStats,
  QueryRequest,
  QueryResult,
} from '../../../src/collector/query/query-request.js';
import { LEVEL_MS, RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver, type OpenSql } from '../../../src/collector/store/sql-driver.js';
import type { Batch, GaugePoint } from '../../../src/transport/batch.js';
import { DAY_MS, DURATION, exactPercentile, HOUR_MS, makeBatch } from '../make-batch.js';

const DAY = Date.UTC(2026, 10, 23);
const openSql = await loadSqlDriver();
const folders: string[] = [];

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  folders.push(folder);
  return folder;
}

function countOf(result: QueryResult | undefined): number {
  const total = result?.groups[0]?.total as HistogramStats | undefined;
  return total?.count ?? 0;
}

function databasesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .sort();
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openStore(folder: string, now: () => number, open: OpenSql = openSql): EmbeddedStore {
  return new EmbeddedStore({
    folder,
    openSql: open,
    now,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: undefined,
  });
}

async function commit(store: EmbeddedStore, batches: readonly Batch[]): Promise<string[]> {
  const received = batches.map((batch) => ({ batch, receivedMs: batch.closedMs + 5 }));
  return (await store.commit(received)).map(({ state }) => state);
}

function request(level: AskedLevel, changes: Partial<QueryRequest> = {}): QueryRequest {
  return {
    metric: DURATION,
    service: undefined,
    fromMs: DAY,
    toMs: DAY + DAY_MS,
    stepMs: undefined,
    level,
    group: [],
    where: [],
    histogram: true,
    limit: 100,
    ...changes,
  };
}

/** Batches at any time of the day, in any order: window start, route, values. */
const windows = fc.array(
  fc.record({
    slot: fc.integer({ min: 0, max: 8639 }),
    route: fc.constantFrom('/a', '/b'),
    boot: fc.constantFrom('x', 'y'),
    values: fc.array(fc.integer({ min: 0, max: 2 ** 41 }), { minLength: 1, maxLength: 20 }),
    maintainAfter: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

describe('rollups', () => {
  it('answer at every level what the raw windows answer, whatever is rolled up already', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async (steps) => {
        const folder = makeFolder();
        const store = openStore(folder, () => DAY + DAY_MS);
        for (const [i, { slot, route, boot, values, maintainAfter }] of steps.entries()) {
          const startMs = DAY + slot * 10_000;
          const parts = { startMs, boot, sequence: i + 1, routes: { [route]: values } };
          await commit(store, [makeBatch(parts)]);
          if (maintainAfter) await store.maintain();
        }
        const stepMs = HOUR_MS;
        for (const change of [
          {},
          { group: ['http.route'] },
          { stepMs },
          { where: [['http.route', '/a']] as const },
        ]) {
          const [raw, minute, hour] = await Promise.all(
            (['raw', 'minute', 'hour'] as const).map((level) =>
              store.query(request(level, change)),
            ),
          );
          expect(minute?.groups).toEqual(raw?.groups);
          expect(hour?.groups).toEqual(raw?.groups);
        }
        const all = steps.flatMap(({ values }) => values);
        const total = (await store.query(request('hour')))?.groups[0]?.total as HistogramStats;
        expect(total.count).toBe(all.length);
        const exact = exactPercentile(all, 990) / 1e6;
        expect(Math.abs(total.p99 - exact)).toBeLessThanOrEqual(exact * 0.004);
        await store.close();
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 15 },
    );
  });

  it('fold counters by sum and gauges by their newest sample, late or not', async () => {
    const store = openStore(makeFolder(), () => DAY + HOUR_MS);
    const gauge = (value: number): GaugePoint => ({
      series: { name: 'g', kind: 'gauge', unit: 'By', scale: 10, attributes: [] },
      count: 2,
      sum: value * 2,
      min: value - 1,
      max: value + 1,
      last: value,
    });
    const counter = { name: 'c', kind: 'counter', unit: 's', scale: 10, attributes: [] } as const;
    const at = (slot: number, value: number): Batch =>
      makeBatch({
        startMs: DAY + slot * 10_000,
        sequence: slot + 1,
        gauges: [gauge(value)],
        counters: [{ series: counter, value }],
      });
    await commit(store, [at(5, 500)]);
    await store.maintain();
    await commit(store, [at(3, 300)]);
    await store.maintain();
    for (const level of ['raw', 'minute', 'hour'] as const) {
      const gauges = await store.query(request(level, { metric: 'g' }));
      expect(gauges?.groups[0]?.total).toEqual({ last: 50, mean: 40, min: 29.9, max: 50.1 });
      const counters = await store.query(request(level, { metric: 'c', toMs: DAY + HOUR_MS }));
      expect(counters?.groups[0]?.total).toEqual({ value: 80, rate: 80 / 30 });
    }
    await store.close();
  });

  it('are made whole after being cut off before the commit', async () => {
    const folder = makeFolder();
    let cutOff = 6;
    const store = openStore(
      folder,
      () => DAY + HOUR_MS,
      (path) => {
        const database = openSql(path);
        if (path.includes('raw-')) return database;
        return {
          ...database,
          transaction: (work) =>
            database.transaction(() => {
              const result = work();
              // Everything is written, and the commit does not come.
              if (database.prepare('SELECT 1 FROM points').get([]) && cutOff-- > 0)
                throw new Error('cut off');
              return result;
            }),
        };
      },
    );
    for (let sequence = 1; sequence <= 100; sequence++) {
      const startMs = DAY + sequence * 10_000;
      await commit(store, [makeBatch({ startMs, sequence, routes: { '/a': [1, 2, 3] } })]);
    }
    // Each pass tries both levels.
    for (let failures = 0; failures < 3; failures++) {
      await expect(store.maintain()).rejects.toThrow('cut off');
    }
    await store.maintain();
    for (const level of ['minute', 'hour'] as const) {
      expect(countOf(await store.query(request(level)))).toBe(300);
    }
    expect(await store.ledger(undefined)).toMatchObject([{ received: 300, batches: 100 }]);
    await store.close();
  });

  it('do nothing when they are run again, after a restart too', async () => {
    const folder = makeFolder();
    const batch = makeBatch({ startMs: DAY, routes: { '/a': [1, 2, 3] } });
    for (let round = 0; round < 3; round++) {
      const store = openStore(folder, () => DAY + HOUR_MS);
      expect(await commit(store, [batch])).toEqual([round === 0 ? 'stored' : 'duplicate']);
      await store.maintain();
      await store.maintain();
      const result = await store.query(request('hour'));
      expect(countOf(result)).toBe(3);
      await store.close();
    }
  });
});

describe('retention', () => {
  it('deletes raw files when their rollups hold everything, and keeps answers, ledger and events', async () => {
    let now = DAY + HOUR_MS;
    const folder = makeFolder();
    const store = openStore(folder, () => now);
    const events = [{ timeMs: DAY + 5, name: 'start', attributes: [] }];
    await commit(store, [makeBatch({ startMs: DAY, routes: { '/a': [1, 2, 3] }, events })]);
    now = DAY + 4 * DAY_MS;
    await store.maintain();
    expect(databasesIn(folder)).toEqual([
      'day-2026-11.db',
      'hour-2026-11.db',
      'minute-2026-11-23.db',
    ]);
    for (const level of ['minute', 'hour'] as const) {
      const result = await store.query(request(level));
      expect(countOf(result)).toBe(3);
    }
    expect(await store.ledger(undefined)).toMatchObject([
      { received: 3, balanced: true, batches: 1 },
    ]);
    const range = { service: undefined, fromMs: DAY, toMs: DAY + DAY_MS, limit: 10 };
    expect(await store.events(range)).toMatchObject([{ name: 'start', timeMs: DAY + 5 }]);
    await store.close();
  });

  it('still knows a batch whose raw file is gone, and takes a late one into the right rollup', async () => {
    let now = DAY + HOUR_MS;
    const folder = makeFolder();
    const store = openStore(folder, () => now);
    const first = makeBatch({ startMs: DAY, routes: { '/a': [1, 2, 3] } });
    await commit(store, [first]);
    now = DAY + 4 * DAY_MS;
    await store.maintain();
    const late = makeBatch({ startMs: DAY + 20_000, sequence: 2, routes: { '/a': [4, 5] } });
    expect(await commit(store, [first, late])).toEqual(['duplicate', 'stored']);
    const count = async (level: AskedLevel): Promise<number> => {
      const result = await store.query(request(level, { toMs: DAY + LEVEL_MS.minute }));
      return countOf(result);
    };
    expect([await count('minute'), await count('hour')]).toEqual([5, 5]);
    await store.maintain();
    expect(existsSync(join(folder, 'raw-2026-11-23.db'))).toBe(false);
    expect([await count('minute'), await count('hour')]).toEqual([5, 5]);
    expect(await commit(store, [first, late])).toEqual(['duplicate', 'duplicate']);
    expect(await store.ledger(undefined)).toMatchObject([{ received: 5, lastSequence: 2 }]);
    await store.close();
  });

  it('deletes minutes after 14 days, and hours and days after 400', async () => {
    let now = DAY + HOUR_MS;
    const folder = makeFolder();
    const store = openStore(folder, () => now);
    await commit(store, [makeBatch({ startMs: DAY, routes: { '/a': [1] } })]);
    now = DAY + 10 * DAY_MS;
    await store.maintain();
    expect(databasesIn(folder)).toContain('minute-2026-11-23.db');
    now = DAY + 16 * DAY_MS;
    await store.maintain();
    expect(databasesIn(folder)).toEqual(['day-2026-11.db', 'hour-2026-11.db']);
    now = DAY + 410 * DAY_MS;
    await store.maintain();
    expect(databasesIn(folder)).toEqual([]);
    await store.close();
  });
});
