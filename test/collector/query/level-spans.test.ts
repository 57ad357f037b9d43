/** Answers that are read from hours where they can be are those of the minutes, number by number. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { affordable } from '../../../src/collector/query/coarser.js';
import { levelSpans } from '../../../src/collector/query/level-spans.js';
import type {
  HistogramStats,
  QueryRequest,
  QueryResult,
} from '../../../src/collector/query/query-request.js';
import { LEVEL_MS, RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { METRICS } from '../../../src/shared/metric-catalogue.js';
import type { Batch } from '../../../src/transport/batch.js';
import { gauge } from '../../support/shop/points.js';
import { DAY_MS, DURATION, HOUR_MS, makeBatch } from '../make-batch.js';

const DAY = Date.UTC(2026, 10, 23);
const MINUTE_MS = 60_000;
const MEMORY = METRICS.find(({ name }) => name === 'process.memory.usage')!;
const openSql = await loadSqlDriver();
const folders: string[] = [];
let nowMs = DAY + DAY_MS;
afterEach(() => {
  nowMs = DAY + DAY_MS;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function openStore(limits = CARDINALITY_DEFAULT): EmbeddedStore {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  folders.push(folder);
  const now = (): number => nowMs;
  const retention = RETENTION_DEFAULT;
  return new EmbeddedStore({ folder, openSql, now, retention, limits, runElsewhere: undefined });
}

function request(fromMs: number, toMs: number, changes: Partial<QueryRequest> = {}): QueryRequest {
  const range = { fromMs, toMs, stepMs: undefined, level: 'minute' } as const;
  const whose = { service: undefined, group: ['http.route'], where: [], limit: 100 };
  return { metric: DURATION, ...range, ...whose, histogram: true, ...changes };
}

/** The same from minutes alone: with a step that is longer, and no whole hours, no hour is read. */
function fromMinutes(asked: QueryRequest): QueryRequest {
  return { ...asked, stepMs: 60 * (asked.toMs - asked.fromMs) + MINUTE_MS };
}

interface Window {
  readonly startMs: number;
  readonly route: string;
  readonly values: readonly number[];
  readonly version: string;
}

/** Of five hours around midnight, so in two raw files. */
const START = DAY - 2 * HOUR_MS;
const windows = fc.array(
  fc.record({
    startMs: fc.integer({ min: 0, max: 5 * 360 - 1 }).map((ten) => START + ten * 10_000),
    route: fc.constantFrom('/a', '/b'),
    values: fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 4 }),
    version: fc.constantFrom('1.0', '1.1'),
  }),
  { minLength: 1, maxLength: 40 },
);
const minuteOfFiveHours = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 5 }).map((hour) => hour * 60),
);
/** When it is asked: while both raw files are kept, one, and none. */
const askedMs = fc.constantFrom(DAY + DAY_MS, DAY + 2.5 * DAY_MS, DAY + 5 * DAY_MS);

/** A month may know a metric that a day of it does not: then there is an answer, but nothing in it. */
function withGroups(answer: QueryResult | undefined): QueryResult | undefined {
  return answer?.groups.length === 0 ? undefined : answer;
}

async function maintainAt(store: EmbeddedStore, atMs: number): Promise<void> {
  nowMs = atMs;
  await store.maintain();
}

function batchOf({ startMs, route, values, version }: Window, sequence: number): Batch {
  return makeBatch({
    boot: `boot-${version}`,
    version,
    sequence,
    startMs,
    routes: { [route]: values },
    gauges: [gauge(MEMORY, {}, values[0]!)],
  });
}

describe('a range of minutes', () => {
  it('is read as minutes up to the first whole hour and from the last one on', () => {
    const spans = levelSpans(request(DAY + 50 * MINUTE_MS, DAY + 3 * HOUR_MS + MINUTE_MS));
    expect(spans).toEqual([
      { level: 'minute', fromMs: DAY + 50 * MINUTE_MS, toMs: DAY + HOUR_MS },
      { level: 'hour', fromMs: DAY + HOUR_MS, toMs: DAY + 3 * HOUR_MS },
      { level: 'minute', fromMs: DAY + 3 * HOUR_MS, toMs: DAY + 3 * HOUR_MS + MINUTE_MS },
    ]);
  });

  it('is read as whole UTC days between the hours where it has such', () => {
    const [fromMs, toMs] = [DAY - 26 * HOUR_MS - MINUTE_MS, DAY + HOUR_MS];
    const spans = [
      { level: 'minute', fromMs, toMs: DAY - 26 * HOUR_MS },
      { level: 'hour', fromMs: DAY - 26 * HOUR_MS, toMs: DAY - DAY_MS },
      { level: 'day', fromMs: DAY - DAY_MS, toMs: DAY },
      { level: 'hour', fromMs: DAY, toMs },
    ];
    expect(levelSpans(request(fromMs, toMs))).toEqual(spans);
    const ofHours = request(spans[1]!.fromMs, toMs, { level: 'hour' });
    expect(levelSpans(ofHours)).toEqual(spans.slice(1));
    expect(levelSpans({ ...ofHours, stepMs: 2 * HOUR_MS })).toHaveLength(1);
    const ofDays = { ...ofHours, fromMs: DAY - 2 * DAY_MS, toMs: DAY, stepMs: 2 * DAY_MS };
    expect(levelSpans(ofDays)).toMatchObject([
      { level: 'day', fromMs: DAY - 2 * DAY_MS, toMs: DAY },
    ]);
  });

  it('is not where there is no whole hour in it, where steps are asked for, and of another level', () => {
    for (const asked of [
      request(DAY + MINUTE_MS, DAY + HOUR_MS + 59 * MINUTE_MS),
      request(DAY, DAY + 3 * HOUR_MS, { stepMs: 5 * MINUTE_MS }),
      request(DAY, DAY + 3 * HOUR_MS, { level: 'raw' }),
    ]) {
      const { level, fromMs, toMs } = asked;
      expect(levelSpans(asked)).toMatchObject([{ level, fromMs, toMs }]);
    }
  });

  it('has the same answer, whatever was rolled up when it was asked, and whether windows are kept', async () => {
    await fc.assert(
      fc.asyncProperty(
        windows,
        fc.nat({ max: 40 }),
        minuteOfFiveHours,
        minuteOfFiveHours,
        askedMs,
        async (all, rolledUp, one, other, atMs) => {
          nowMs = DAY + DAY_MS;
          const store = openStore();
          const commit = async (some: readonly Window[], after: number): Promise<void> => {
            const batches = some.map((window, at) => batchOf(window, after + at + 1));
            await store.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
          };
          await commit(all.slice(0, rolledUp), 0);
          await store.maintain();
          await commit(all.slice(rolledUp), rolledUp);
          if (atMs > nowMs) await maintainAt(store, atMs);
          const fromMs = START + Math.min(one, other) * MINUTE_MS;
          const lastMs = START + Math.max(one, other) * MINUTE_MS;
          const toMs = Math.max(lastMs, fromMs + MINUTE_MS);
          for (const changes of [
            {},
            { group: ['service.version'], where: [['http.route', '/a']] as const },
            { metric: MEMORY.name, group: [] as string[], histogram: false },
          ]) {
            const asked = request(fromMs, toMs, changes);
            const answer = withGroups(await store.query(asked));
            const minutes = withGroups(await store.query(fromMinutes(asked)));
            const groups = minutes?.groups.map((group) => ({ ...group, points: [] }));
            const stepMs = null;
            expect(answer).toEqual(minutes && { ...minutes, groups, stepMs });
          }
          await store.close();
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });

  it('keeps the names that a month of series has no room for', async () => {
    const store = openStore({ ...CARDINALITY_DEFAULT, seriesPerServiceMax: 3 });
    const at = (startMs: number, sequence: number, routes: readonly string[]): Batch =>
      makeBatch({
        startMs,
        sequence,
        routes: Object.fromEntries(routes.map((route) => [route, [1000]])),
      });
    const batches = [
      at(DAY - DAY_MS, 1, ['/old-1', '/old-2', '/old-3']),
      at(DAY + 2 * HOUR_MS, 2, ['/new-1', '/new-2']),
    ];
    await store.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
    // The second time no window is kept any more.
    for (const atMs of [nowMs, DAY + 5 * DAY_MS]) {
      await maintainAt(store, atMs);
      const curve = { coarse: true, stepMs: 12 * MINUTE_MS };
      for (const asked of [
        request(DAY, DAY + 12 * HOUR_MS),
        request(DAY, DAY + DAY_MS, { coarse: true }),
        affordable(request(DAY, DAY + DAY_MS, curve), 1_000_000),
      ]) {
        const answer = await store.query(asked);
        const names = answer?.groups.map(({ attributes }) => attributes['http.route']);
        expect(names?.sort()).toEqual(['/new-1', '/new-2']);
        expect(answer?.resolution).toBe('1m');
      }
    }
    await store.close();
  });

  it('has its rates over the time of its minutes, and begins with them, when windows are partly gone', async () => {
    const store = openStore();
    const window = { route: '/a', values: [1000], version: '1.0' };
    const starts = [DAY - 6 * HOUR_MS + 10 * MINUTE_MS, DAY + 3 * HOUR_MS];
    const batches = starts.map((startMs, at) => batchOf({ ...window, startMs }, at + 1));
    await store.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
    await maintainAt(store, DAY + 2.5 * DAY_MS);
    const answer = await store.query(request(DAY - 12 * HOUR_MS, DAY + 12 * HOUR_MS));
    const [dataFromMs, dataToMs] = [starts[0]!, starts[1]! + MINUTE_MS];
    expect(answer).toMatchObject({ dataFromMs, recordedFromMs: dataFromMs });
    const { rate } = answer!.groups[0]!.total as HistogramStats;
    expect(rate).toBeCloseTo(2000 / (dataToMs - dataFromMs), 6);
    await store.close();
  });
});

it('without percentiles an answer has the same counts and sums, and no percentile', async () => {
  const store = openStore();
  const batch = makeBatch({ startMs: DAY, routes: { '/a': [1000, 2000, 9000] } });
  await store.commit([{ batch, receivedMs: batch.closedMs }]);
  const asked = request(DAY, DAY + LEVEL_MS.hour, { histogram: false });
  const [whole, sums] = [
    await store.query(asked),
    await store.query({ ...asked, percentiles: false }),
  ].map((answer) => answer?.groups[0]?.total);
  const none = { p50: NaN, p90: NaN, p95: NaN, p99: NaN, p99_9: NaN };
  expect(sums).toEqual({ ...whole, ...none });
  await store.close();
});
