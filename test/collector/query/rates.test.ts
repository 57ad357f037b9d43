/** What a rate is divided by, through a real store: the answer alone explains each number. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseQuery } from '../../../src/collector/http/parse-query.js';
import type {
  CounterStats,
  HistogramStats,
  QueryResult,
} from '../../../src/collector/query/query-request.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { type BatchParts, DAY_MS, DURATION, HOUR_MS, makeBatch } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
const openSql = await loadSqlDriver();
let folder = '';
let nowMs = NOW;
let store: EmbeddedStore;

beforeEach(() => {
  nowMs = NOW;
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  store = new EmbeddedStore({
    folder,
    openSql,
    now: () => nowMs,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: undefined,
  });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A window, received as soon as it ended. */
async function record(parts: BatchParts, durationMs = 10_000): Promise<void> {
  const batch = { ...makeBatch(parts), durationMs, closedMs: parts.startMs + durationMs };
  expect(await store.commit([{ batch, receivedMs: batch.closedMs }])).toEqual([
    { state: 'stored' },
  ]);
}

/** A window every 10 s since `sinceMs`, with `values` for the route `/a`. */
async function recordSince(
  sinceMs: number,
  parts: Partial<BatchParts>,
  values: readonly number[],
): Promise<void> {
  for (let startMs = sinceMs, sequence = 1; startMs < nowMs; startMs += 10_000, sequence++) {
    await record({ routes: { '/a': values }, ...parts, startMs, sequence });
  }
}

async function ask(query: string): Promise<QueryResult> {
  const params = new URLSearchParams(`metric=${DURATION}&${query}`);
  return (await store.query(parseQuery(params, nowMs, RETENTION_DEFAULT))) as QueryResult;
}

function totalOf({ groups }: QueryResult): HistogramStats {
  return groups[0]!.total as HistogramStats;
}

/** The rule of the page on the API, from an answer alone. */
function expectExplained(result: QueryResult): void {
  const from = result.recordedFromMs as number;
  const to = result.recordedToMs as number;
  for (const { total, points } of result.groups) {
    const { count, rate } = total as HistogramStats;
    expect(rate).toBe(count / ((to - from) / 1000));
    for (const point of points) {
      const { timeMs, count, rate } = point as HistogramStats & { timeMs: number };
      const endMs = Math.min(to, timeMs + (result.stepMs as number));
      expect(rate).toBe(count / ((endMs - Math.max(from, timeMs)) / 1000));
    }
  }
}

describe('a rate', () => {
  it.each(['as received', 'from rollups'])(
    'of a service that began 30 s ago is over those 30 s, %s',
    async (source) => {
      await recordSince(NOW - 30_000, {}, [1000, 1000]);
      nowMs = NOW + 5000;
      if (source === 'from rollups') await store.maintain();
      for (const range of ['from=-1h', 'from=-30m', 'from=-7d', 'from=-1h&step=1m']) {
        const result = await ask(range);
        expect(totalOf(result)).toMatchObject({ count: 6, rate: 6 / 30 });
        expect(result).toMatchObject({ recordedFromMs: NOW - 30_000, recordedToMs: NOW });
        expectExplained(result);
      }
    },
  );

  it('of the first and the last step is over the part that was recorded', async () => {
    await recordSince(NOW - 150_000, {}, [1000]);
    const result = await ask('from=-10m&step=1m');
    const { points } = result.groups[0]!;
    expect(points.map((point) => (point as HistogramStats).rate)).toEqual([0.1, 0.1, 0.1]);
    expect(points[0]?.timeMs).toBe(NOW - 180_000);
    nowMs = NOW + 20_000;
    await record({ startMs: NOW, sequence: 100, routes: { '/a': [1000] } });
    const later = await ask('from=-10m&step=1m');
    expect(later.groups[0]!.points.at(-1)).toMatchObject({ timeMs: NOW, count: 1, rate: 0.1 });
    expectExplained(later);
  });

  it('of what is rare is over the time in which it could have been seen', async () => {
    for (let window = 0; window < 6; window++) {
      const routes = window === 3 ? { '/rare': [1000, 1000, 1000] } : {};
      await record({
        startMs: NOW - 60_000 + window * 10_000,
        sequence: window + 1,
        routes,
      });
    }
    const result = await ask('from=-10m');
    expect(totalOf(result)).toMatchObject({ count: 3, rate: 3 / 60 });
    expect(result).toMatchObject({ dataFromMs: NOW - 30_000, dataToMs: NOW - 20_000 });
  });

  it('is over the processes asked for, and one divisor serves all groups', async () => {
    await recordSince(NOW - 60_000, { boot: 'old', version: '1' }, [1000]);
    await recordSince(NOW - 20_000, { boot: 'new', version: '2' }, [1000]);
    await recordSince(NOW - 40_000, { boot: 'other', service: 'bank' }, [1000]);
    expect((await ask('from=-5m&where=service.version:2')).recordedFromMs).toBe(NOW - 20_000);
    expect((await ask('from=-5m&service=bank')).recordedFromMs).toBe(NOW - 40_000);
    expect((await ask('from=-5m&where=http.route:/a')).recordedFromMs).toBe(NOW - 60_000);
    const grouped = await ask('from=-5m&service=shop&group=service.version');
    expectExplained(grouped);
    const rates = grouped.groups.map(({ total }) => (total as HistogramStats).rate);
    expect(rates).toEqual([0.1, 2 / 60]);
    expect(totalOf(await ask('from=-5m&service=shop')).rate).toBeCloseTo(0.1 + 2 / 60, 12);
  });

  it('counts a window where it begins, and divides by windows that began in the range', async () => {
    for (let minute = 4; minute > 0; minute--) {
      const parts = { startMs: NOW - minute * 60_000, sequence: 5 - minute };
      await record({ ...parts, routes: { '/a': Array(60).fill(1000) } }, 60_000);
    }
    nowMs = NOW + 50_000;
    const result = await ask('from=-3m');
    expect(totalOf(result)).toMatchObject({ count: 120, rate: 1 });
    // Of the window that began at NOW - 60 s the range asked for holds the first 50 s only.
    const until = await ask(`from=${NOW - 120_000}&to=${NOW - 10_000}`);
    expect(totalOf(until)).toMatchObject({ count: 120, rate: 1 });
    expect(until.recordedToMs).toBe(NOW);
  });

  it('of counters follows the same rule', async () => {
    const series = {
      name: DURATION,
      kind: 'counter',
      unit: 's',
      scale: 1,
      attributes: [],
    } as const;
    for (let window = 0; window < 3; window++) {
      const startMs = NOW - 30_000 + window * 10_000;
      await record({ startMs, sequence: window + 1, counters: [{ series, value: 50 }] });
    }
    const [group] = (await ask('from=-1h')).groups;
    expect(group?.total as CounterStats).toEqual({ value: 150, rate: 5 });
  });

  it('is known of a service that began when only 1 h rows are left', async () => {
    await recordSince(NOW - 60_000, {}, [1000]);
    await store.maintain();
    nowMs = NOW + 40 * DAY_MS;
    await store.maintain();
    const result = await ask(`from=${NOW - 3 * HOUR_MS}&to=${NOW + 5 * DAY_MS}`);
    expect(result).toMatchObject({ resolution: '1h', recordedFromMs: NOW - 60_000 });
    expect(totalOf(result)).toMatchObject({ count: 6, rate: 6 / 60 });
  });

  it('is finite for a window of no length', async () => {
    await record({ startMs: NOW - 10_000, routes: { '/a': [1000] } }, 0);
    expect(totalOf(await ask('from=-1m')).rate).toBe(1000);
  });

  it('is not there, nor its span, where nothing was recorded', async () => {
    await recordSince(NOW - 20_000, {}, [1000]);
    nowMs = NOW + 600_000;
    expect(await ask('from=-1m')).toMatchObject({
      groups: [],
      recordedFromMs: null,
      recordedToMs: null,
    });
  });
});

describe('processes that came and went by the hundred thousand', () => {
  it('are no more than can be listed, nor than rates of their time can be told of', async () => {
    const COUNT = 150_000;
    await record({ startMs: NOW - 2 * HOUR_MS, routes: { '/a': [1000] } });
    nowMs = NOW + 20 * DAY_MS;
    // Minutes and windows are gone by the second pass.
    for (let pass = 0; pass < 2; pass++) await store.maintain();
    const hours = openSql(join(folder, 'hour-2026-11.db'));
    hours
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${COUNT})
        INSERT INTO processes SELECT NULL, 'job', 'boot-of-' || i, service, resource, first_ms, last_ms,
          skew_ms, records, batches, sequence, ledger FROM n, (SELECT * FROM processes)`,
      )
      .run([]);
    hours.close();
    const result = await ask(`from=${NOW - 3 * HOUR_MS}&to=${NOW}`);
    expect(result.recordedFromMs).toBe(NOW - 2 * HOUR_MS);
    expect(await store.services()).toMatchObject([{ name: 'shop', instances: COUNT + 1 }]);
  });
});
