/** Questions that read less: whole hours for a page that waits, and no series that is not asked for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affordable, hoursAround } from '../../../src/collector/query/coarser.js';
import { estimateRows } from '../../../src/collector/query/estimate-rows.js';
import type { QueryRequest } from '../../../src/collector/query/query-request.js';
import {
  fileName,
  LEVEL_MS,
  listFiles,
  RETENTION_DEFAULT,
} from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { FileReaders } from '../../../src/collector/store/file-readers.js';
import { openForReading } from '../../../src/collector/store/schema.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { DAY_MS, DURATION, HOUR_MS, makeBatch } from '../make-batch.js';

const DAY = Date.UTC(2026, 10, 23);
const MINUTE_MS = LEVEL_MS.minute;
const ROUTES = Array.from({ length: 12 }, (_, i) => `/route-${i}`);
const openSql = await loadSqlDriver();
let folder = '';
let store: EmbeddedStore;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const options = { folder, openSql, now: () => DAY + DAY_MS, runElsewhere: undefined };
  const limits = CARDINALITY_DEFAULT;
  store = new EmbeddedStore({ ...options, retention: RETENTION_DEFAULT, limits });
  const batches = Array.from({ length: 40 }, (_, i) =>
    makeBatch({
      sequence: i + 1,
      version: i % 2 === 0 ? '1.0' : '1.1',
      boot: `boot-${i % 2}`,
      startMs: DAY + i * 31 * MINUTE_MS,
      routes: Object.fromEntries(
        ROUTES.map((route, at) => [route, [1000 * (at + 1), 500 * i + 1]]),
      ),
    }),
  );
  await store.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
  await store.maintain();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function request(changes: Partial<QueryRequest> = {}): QueryRequest {
  const range = { fromMs: DAY + 5 * MINUTE_MS, toMs: DAY + DAY_MS + 5 * MINUTE_MS };
  const whose = { service: undefined, group: [], where: [], limit: 100 };
  const rest = { stepMs: undefined, level: 'minute', histogram: true } as const;
  return { metric: DURATION, ...range, ...whose, ...rest, ...changes };
}

describe('a curve of a day that would read too many rows', () => {
  const many = 1_000_000;
  const stepMs = 12 * MINUTE_MS;

  it('is one of whole hours, its first and last included', async () => {
    const asked = affordable(request({ coarse: true, stepMs }), many);
    expect(asked).toMatchObject({ fromMs: DAY, toMs: DAY + 25 * HOUR_MS, stepMs: HOUR_MS });
    const [coarse, exact] = [
      await store.query(asked),
      await store.query(request({ fromMs: DAY, toMs: DAY + 25 * HOUR_MS, stepMs: HOUR_MS })),
    ];
    expect(coarse?.resolution).toBe('1h');
    expect(coarse?.groups).toEqual(exact?.groups);
    expect(coarse?.groups[0]?.points).toHaveLength(21);
  });

  it('stays as it is when it was not to be coarser, is short, has long steps, or reads few rows', () => {
    for (const [asked, rows] of [
      [request({ stepMs }), many],
      [request({ coarse: true }), many],
      [request({ coarse: true, stepMs, toMs: DAY + 12 * HOUR_MS }), many],
      [request({ coarse: true, stepMs: 2 * HOUR_MS }), many],
      [request({ coarse: true, stepMs }), 100_000],
      [request({ coarse: true, stepMs, level: 'raw' }), many],
    ] as const) {
      expect(affordable(asked, rows)).toBe(asked);
    }
  });
});

it('a range of a day and more is widened to whole hours, a shorter one is not', () => {
  const fromMs = DAY + 5 * MINUTE_MS;
  expect(hoursAround({ fromMs, toMs: fromMs + DAY_MS })).toEqual({
    fromMs: DAY,
    toMs: DAY + 25 * HOUR_MS,
  });
  const short = { fromMs, toMs: fromMs + DAY_MS - 1 };
  expect(hoursAround(short)).toEqual(short);
});

describe('a curve of four weeks that would read too many rows of hours', () => {
  const range = { fromMs: DAY - 27 * DAY_MS - HOUR_MS, toMs: DAY + DAY_MS };
  const stepMs = 6 * HOUR_MS;
  const whole = { coarse: true, level: 'hour', stepMs, ...range } as const;

  it('is one of whole UTC days, its first and last included', async () => {
    const asked = affordable(request(whole), 100_001);
    expect(asked).toMatchObject({ fromMs: DAY - 28 * DAY_MS, toMs: DAY + DAY_MS, stepMs: DAY_MS });
    const answer = await store.query(asked);
    expect(answer).toMatchObject({ stepMs: DAY_MS, resolution: '1h' });
    expect(answer?.groups[0]?.points).toMatchObject([{ timeMs: DAY }]);
  });

  it('stays as it is when it was not to be coarser, is shorter, has long steps, or reads few rows', () => {
    for (const [asked, rows] of [
      [request({ ...whole, coarse: false }), 100_001],
      [request({ ...whole, fromMs: range.fromMs + 2 * HOUR_MS }), 100_001],
      [request({ ...whole, stepMs: DAY_MS }), 100_001],
      [request(whole), 100_000],
    ] as const) {
      expect(affordable(asked, rows)).toBe(asked);
    }
  });
});

describe('of one series among many', () => {
  it('the answer is that of its group when all are read', async () => {
    for (const stepMs of [undefined, 12 * MINUTE_MS]) {
      const all = await store.query(request({ stepMs, group: ['http.route'] }));
      for (const route of ['/route-0', '/route-11']) {
        const own = await store.query(
          request({ stepMs, group: ['http.route'], where: [['http.route', route]] }),
        );
        expect(own?.groups).toEqual(
          all?.groups.filter(({ attributes }) => attributes['http.route'] === route),
        );
      }
    }
  });

  it('an attribute of the process is looked for there', async () => {
    const where = [
      ['http.route', '/route-3'],
      ['service.version', '1.1'],
    ] as const;
    const answer = await store.query(request({ where, histogram: false }));
    expect(answer?.groups[0]?.total).toMatchObject({ count: 40 });
    const none = await store.query(request({ where: [['http.route', '/no']], histogram: false }));
    expect(none?.groups).toEqual([]);
  });

  it('as many rows are expected as it has, and not those of all', () => {
    const readers = new FileReaders(folder, openSql);
    const key = { level: 'minute', period: '2026-11-23' } as const;
    const { id, sql } = openForReading(openSql, join(folder, 'minute-2026-11-23.db'));
    sql.close();
    const known = readers.update([{ ...key, id }]);
    const range = { fromMs: DAY, toMs: DAY + HOUR_MS };
    const rowsOf = (where: QueryRequest['where']): number =>
      estimateRows(known, request({ ...range, where, stepMs: MINUTE_MS }));
    expect(rowsOf([])).toBe(60 * 12 * 2);
    expect(rowsOf([['http.route', '/route-3']])).toBe(60 * 2);
    expect(rowsOf([['service.version', '1.1']])).toBe(60 * 12 * 2);
    readers.close();
  });

  it('and of days one for each that is over, in whatever file they are', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tacho-'));
    let nowMs = DAY;
    const options = { folder: own, openSql, now: () => nowMs, runElsewhere: undefined };
    const retention = RETENTION_DEFAULT;
    const days = new EmbeddedStore({ ...options, retention, limits: CARDINALITY_DEFAULT });
    const startMs = DAY + 6 * DAY_MS;
    const batches = [0, 1, 2, 3].map((day) =>
      makeBatch({ startMs: startMs + day * DAY_MS, sequence: day + 1, routes: { '/a': [1] } }),
    );
    await days.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
    nowMs = startMs + 3 * DAY_MS + HOUR_MS;
    await days.maintain();
    await days.close();
    const readers = new FileReaders(own, openSql);
    const known = listFiles(own).map((key) => {
      const { id, sql } = openForReading(openSql, join(own, fileName(key)));
      sql.close();
      return { ...key, id };
    });
    const asked = request({ level: 'hour', fromMs: startMs, toMs: startMs + 4 * DAY_MS });
    expect(estimateRows(readers.update(known), asked)).toBe(3 + 24);
    readers.close();
    rmSync(own, { recursive: true });
  });
});
