import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  HistogramStats,
  QueryRequest,
  QueryResult,
} from '../../../src/collector/query/query-request.js';
import { AnswerCache, type Asked } from '../../../src/collector/store/answer-cache.js';
import { DAY_MS, RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver, type OpenSql } from '../../../src/collector/store/sql-driver.js';
import { DURATION, makeBatch } from '../make-batch.js';

const DAY = Date.UTC(2026, 10, 23);
const REQUEST: QueryRequest = {
  ...{ metric: DURATION, service: undefined, group: [], where: [], limit: 1, histogram: false },
  ...{ fromMs: DAY, toMs: DAY + DAY_MS, stepMs: undefined, level: 'minute' },
};
const driver = await loadSqlDriver();
let statements = 0;
/** The driver, which says how many statements were wanted of it. */
const openSql: OpenSql = (path) => {
  const sql = driver(path);
  const prepare = (text: string): ReturnType<typeof sql.prepare> => {
    statements += 1;
    return sql.prepare(text);
  };
  return { ...sql, prepare };
};
let folder = '';
let nowMs = DAY;
let store: EmbeddedStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  nowMs = DAY + 3_600_000;
  const options = { folder, openSql, now: () => nowMs, runElsewhere: undefined };
  const limits = CARDINALITY_DEFAULT;
  store = new EmbeddedStore({ ...options, retention: RETENTION_DEFAULT, limits });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function commit(sequence: number): Promise<void> {
  const batch = makeBatch({ sequence, startMs: DAY + sequence * 10_000, routes: { '/a': [1000] } });
  await store.commit([{ batch, receivedMs: batch.closedMs }]);
}
async function count(): Promise<number | undefined> {
  return ((await store.query(REQUEST))?.groups[0]?.total as HistogramStats | undefined)?.count;
}

describe('an answer', () => {
  it('is the same one until something is committed, and then has that in it', async () => {
    await commit(1);
    const first = await store.query(REQUEST);
    expect(await store.query({ ...REQUEST })).toBe(first);
    expect(await count()).toBe(1);
    await commit(2);
    expect(await count()).toBe(2);
  });

  it('costs no statement the second time, not even to guess how many rows it would read', async () => {
    await commit(1);
    await store.maintain();
    const asked = { ...REQUEST, coarse: true, where: [['http.route', '/a']] as const };
    const first = await store.query(asked);
    statements = 0;
    expect(await store.query({ ...asked })).toBe(first);
    expect(statements).toBe(0);
  });

  it('does not outlive its data', async () => {
    await commit(1);
    expect(await count()).toBe(1);
    nowMs += 500 * DAY_MS;
    await store.maintain();
    expect(await count()).toBeUndefined();
  });

  it('that failed is asked for again', async () => {
    const cache = new AnswerCache();
    const failed = Promise.reject(new Error('busy'));
    await expect(cache.get(REQUEST, () => ({ answer: failed, rows: 1e6 }))).rejects.toThrow('busy');
    const answer = Promise.resolve(undefined);
    expect(await cache.get(REQUEST, () => ({ answer, rows: 1 }))).toBeUndefined();
  });

  describe.each([
    { rows: 9999, tookMs: 400, keptMs: 0 },
    { rows: 10_000, tookMs: 400, keptMs: 8000 },
    { rows: 10_000, tookMs: 4000, keptMs: 30_000 },
  ])('for which $rows rows were read in $tookMs ms', ({ rows, tookMs, keptMs }) => {
    const asked = { ...REQUEST, mayBeOld: true };
    let atMs = 0;
    let cache: AnswerCache;
    let first: Promise<unknown>;
    const ask = (): Asked => ({ answer: Promise.resolve(undefined), rows });

    beforeEach(async () => {
      atMs = 1000;
      cache = new AnswerCache(() => atMs);
      first = cache.get(asked, ask);
      atMs += tookMs;
      await first;
    });

    it('is the same until something is committed', () => {
      atMs += 1e9;
      expect(cache.get(asked, ask)).toBe(first);
    });

    it(`is told to a page for ${keptMs} ms after that`, () => {
      cache.age();
      atMs += keptMs - 1;
      cache.age();
      expect(cache.get(asked, ask) === first).toBe(keptMs > 0);
      atMs += 1;
      expect(cache.get(asked, ask)).not.toBe(first);
    });

    it('is made anew for who wants what is', () => {
      cache.age();
      expect(cache.get(REQUEST, ask)).not.toBe(first);
    });
  });

  it('that is being made when something is committed is made again for who asks then', () => {
    const cache = new AnswerCache(() => 0);
    const answers = [1, 2].map(() => new Promise<undefined>(() => {}));
    const ask = (): Asked => ({ answer: answers.shift()!, rows: 1e6 });
    const first = cache.get(REQUEST, ask);
    cache.age();
    expect(cache.get({ ...REQUEST, mayBeOld: true }, ask)).toBe(first);
    expect(cache.get(REQUEST, ask)).not.toBe(first);
  });

  it('makes room for others, the oldest first', async () => {
    const cache = new AnswerCache(() => 0);
    const groups = Array.from({ length: 9000 }, () => ({ points: [] }));
    const result = { groups } as unknown as QueryResult;
    const ask = (): Asked => ({ answer: Promise.resolve(result), rows: 1 });
    const requests = [1, 2, 3].map((limit) => ({ ...REQUEST, limit }));
    const answers = requests.map((request) => cache.get(request, ask));
    await Promise.all(answers);
    expect(cache.get(requests[2]!, ask)).toBe(answers[2]);
    expect(cache.get(requests[1]!, ask)).toBe(answers[1]);
    expect(cache.get(requests[0]!, ask)).not.toBe(answers[0]);
  });

  it('with histograms is not kept', async () => {
    await commit(1);
    const asked = { ...REQUEST, histogram: true };
    expect(await store.query(asked)).not.toBe(await store.query(asked));
  });
});
