/** Answers that are read from days where they can be are those of the hours, byte for byte. */
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readableSpans } from '../../../src/collector/query/readable-spans.js';
import { runQuery } from '../../../src/collector/query/run-query.js';
import { DAY_MS, HOUR_MS } from '../make-batch.js';
import {
  cleanUp,
  clock,
  commit,
  expectAllSame,
  expectSame,
  makeFolder,
  openStore,
  request,
  START,
  withReaders,
} from './days-and-hours.js';

const MINUTE_MS = 60_000;
const DAYS = 5;
afterEach(cleanUp);

const windows = fc.record({
  startMs: fc
    .oneof(
      fc.integer({ min: 0, max: DAYS * 8640 - 1 }),
      fc.integer({ min: 0, max: DAYS * 24 - 1 }).map((hour) => hour * 360),
      fc.integer({ min: 1, max: DAYS }).map((day) => day * 8640 - 1),
    )
    .map((ten) => START + ten * 10_000),
  route: fc.constantFrom('/a', '/b'),
  values: fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 4 }),
  version: fc.constantFrom('1.0', '1.1'),
});
/** What happens in turn: windows come, of whatever time, the clock goes on, and the store is maintained or not. */
const events = fc.array(
  fc.record({
    windows: fc.array(windows, { maxLength: 6 }),
    goesOnMs: fc.constantFrom(0, HOUR_MS, 9 * HOUR_MS, DAY_MS, 2 * DAY_MS),
    isMaintained: fc.boolean(),
    isOpenedAnew: fc.boolean(),
  }),
  { minLength: 2, maxLength: 8 },
);
const minuteOfRange = fc.oneof(
  fc.integer({ min: 0, max: DAYS * 1440 }),
  fc.integer({ min: 0, max: DAYS * 24 }).map((hour) => hour * 60),
  fc.integer({ min: 0, max: DAYS }).map((day) => day * 1440),
);

describe('a range of hours', () => {
  it('has the same answer from days, whatever came when, and however much of it is kept', async () => {
    let days = 0;
    await fc.assert(
      fc.asyncProperty(events, minuteOfRange, minuteOfRange, async (all, one, other) => {
        clock.nowMs = START + DAY_MS;
        const folder = makeFolder();
        let store = openStore(folder);
        const fromMs = START + Math.min(one, other) * MINUTE_MS;
        const toMs = Math.max(START + Math.max(one, other) * MINUTE_MS, fromMs + MINUTE_MS);
        for (const { windows: came, goesOnMs, isMaintained, isOpenedAnew } of all) {
          await commit(store, came);
          days += expectAllSame(folder, fromMs, toMs);
          clock.nowMs += goesOnMs;
          if (isMaintained) await store.maintain();
          if (isOpenedAnew) {
            await store.close();
            store = openStore(folder);
          }
        }
        days += expectAllSame(folder, START, START + DAYS * DAY_MS);
        await store.close();
      }),
      { numRuns: 15, seed: 1 },
    );
    expect(days).toBeGreaterThan(100);
  });

  it('is read as days but for its ends, and for days that are not over', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    clock.nowMs = START + 4 * DAY_MS + 5 * HOUR_MS;
    const hours = Array.from({ length: 4 * 24 + 5 }, (_, hour) => START + hour * HOUR_MS);
    await commit(
      store,
      hours.map((startMs) => ({ startMs })),
    );
    await store.maintain();
    const [fromMs, toMs] = [START + 7 * HOUR_MS, clock.nowMs - HOUR_MS];
    const [first, last] = [START + DAY_MS, START + 4 * DAY_MS];
    withReaders(folder, (all) => {
      expect(readableSpans(all, request(fromMs, toMs))).toEqual([
        { level: 'hour', fromMs, toMs: first },
        { level: 'day', fromMs: first, toMs: last },
        { level: 'hour', fromMs: last, toMs },
      ]);
      const minute = fromMs + MINUTE_MS;
      expect(readableSpans(all, request(minute, toMs, { level: 'minute' }))).toEqual([
        { level: 'minute', fromMs: minute, toMs: fromMs + HOUR_MS },
        { level: 'hour', fromMs: fromMs + HOUR_MS, toMs: first },
        { level: 'day', fromMs: first, toMs: last },
        { level: 'hour', fromMs: last, toMs },
      ]);
      const steps = request(first, last, { stepMs: 6 * HOUR_MS });
      expect(readableSpans(all, steps)).toMatchObject([
        { level: 'hour', fromMs: first, toMs: last },
      ]);
    });
    expectAllSame(folder, fromMs, toMs);
    await store.close();
  });

  it('has groups of equal sums in the same order, whichever file told of them first', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    clock.nowMs = START + 2 * DAY_MS + HOUR_MS;
    const startMs = START + DAY_MS;
    await commit(store, [
      { startMs: START, route: '/a' },
      { startMs, route: '/b' },
      { startMs: startMs + HOUR_MS, route: '/a' },
    ]);
    await store.maintain();
    expect(expectSame(folder, request(startMs, startMs + DAY_MS))).toBe(1);
    await store.close();
  });

  it('has windows of a day that come late, before and after it is made again', async () => {
    const folder = makeFolder();
    const store = openStore(folder);
    clock.nowMs = START + 2 * DAY_MS + HOUR_MS;
    await commit(store, [{ startMs: START }, { startMs: START + DAY_MS }]);
    await store.maintain();
    const asked = request(START, START + 2 * DAY_MS);
    const late = { startMs: START + 3 * HOUR_MS, route: '/late', values: [5000, 6000, 7000] };
    // The second time its raw file has been deleted, and is made anew.
    for (const expected of [3, 6]) {
      await commit(store, [late]);
      for (let round = 0; round < 2; round++) {
        expect(expectSame(folder, asked)).toBe(2);
        const answer = withReaders(folder, (all) => runQuery(all, asked));
        expect(answer?.groups[0]).toMatchObject({
          attributes: { 'http.route': '/late' },
          total: { count: expected },
        });
        await store.maintain();
      }
      clock.nowMs += 3 * DAY_MS;
      await store.maintain();
      expect(readdirSync(folder).filter((name) => /^raw-.*\.db$/.test(name))).toEqual([]);
    }
    await store.close();
  });
});
