/** Of days that are not made, or not of all that the hours have, hours are read; and they are made. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runQuery } from '../../../src/collector/query/run-query.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import type { OpenSql } from '../../../src/collector/store/sql-driver.js';
import { DAY_MS, HOUR_MS } from '../make-batch.js';
import {
  cleanUp,
  clock,
  commit,
  expectAllSame,
  expectSame,
  makeFolder,
  openSql,
  openStore,
  request,
  START,
  withReaders,
} from './days-and-hours.js';

afterEach(cleanUp);

describe('a range of days that are not all there', () => {
  const count = 34;
  const from = START - 20 * DAY_MS;
  const range = [from + 5 * HOUR_MS, from + count * DAY_MS] as const;

  let whole = '';

  beforeAll(async () => {
    whole = mkdtempSync(join(tmpdir(), 'tacho-'));
    const store = openStore(whole);
    for (let day = 0; day < count; day++) {
      const startMs = from + day * DAY_MS + 7 * HOUR_MS;
      clock.nowMs = from + (day + 1) * DAY_MS;
      await commit(store, [{ startMs }, { startMs: startMs + HOUR_MS, route: '/b' }]);
      await store.maintain();
    }
    await store.close();
  });
  afterAll(() => rmSync(whole, { recursive: true }));

  /** A copy of some files of the store, at the time when it was made. */
  function copyOf(names: RegExp): string {
    clock.nowMs = from + count * DAY_MS;
    const folder = makeFolder();
    for (const name of readdirSync(whole)) {
      if (names.test(name)) copyFileSync(join(whole, name), join(folder, name));
    }
    return folder;
  }
  const OLD = /^(raw|minute|hour)-.*\.db(-wal)?$/;
  const ALL = /\.db(-wal)?$/;

  it('is read as hours of a store of before there were days, until they are made, ten in a pass', async () => {
    const folder = copyOf(OLD);
    const store = openStore(folder);
    expect(expectSame(folder, request(...range))).toBe(0);
    const seen: number[] = [];
    for (let pass = 0; pass < 5; pass++) {
      await store.maintain();
      seen.push(expectSame(folder, request(...range)));
      expectAllSame(folder, ...range);
      await commit(store, [{ startMs: from + 12 * DAY_MS + pass * HOUR_MS, route: '/late' }]);
      expectAllSame(folder, ...range);
      // A day is made again once an hour.
      clock.nowMs += HOUR_MS;
    }
    expect(seen).toEqual([10, 19, 29, 33, 33]);
    await store.close();
  });

  it('is read as hours where they have what a day file of before lacks, until it is made anew', async () => {
    const folder = copyOf(ALL);
    clock.nowMs += 10 * DAY_MS;
    let store = openStore(folder);
    await commit(store, [{ startMs: from + DAY_MS, route: '/late' }]);
    await store.maintain();
    await store.close();
    // As if a version without days had taken the late one.
    for (const suffix of ['', '-wal', '-shm']) {
      const name = `day-2026-11.db${suffix}`;
      rmSync(join(folder, name), { force: true });
      if (suffix !== '-shm' && existsSync(join(whole, name))) {
        copyFileSync(join(whole, name), join(folder, name));
      }
    }
    store = openStore(folder);
    const november = request(from, Date.UTC(2026, 11, 1));
    expect(expectSame(folder, november)).toBe(0);
    await store.maintain();
    expect(expectSame(folder, november)).toBe(10);
    for (let pass = 0; pass < 2; pass++) await store.maintain();
    expect(expectSame(folder, november)).toBe(22);
    await store.close();
  });

  it('keeps the names that days have no room for', async () => {
    const folder = copyOf(ALL);
    for (const name of readdirSync(folder)) {
      if (name.startsWith('day-2026-11')) rmSync(join(folder, name));
    }
    const store = openStore(folder, { ...CARDINALITY_DEFAULT, seriesPerServiceMax: 1 });
    for (let pass = 0; pass < 3; pass++) await store.maintain();
    const [november, december] = [from, Date.UTC(2026, 11, 1)];
    expect(expectSame(folder, request(november, december))).toBe(0);
    const answer = withReaders(folder, (all) => runQuery(all, request(november, december)));
    const names = answer?.groups.map(({ attributes }) => attributes['http.route']);
    expect(names).toEqual(['/a', '/b']);
    // Those of the next month were made when there was room.
    expect(expectSame(folder, request(...range))).toBe(12);
    await store.close();
  });

  it('has the same answer wherever the making of days is cut off', async () => {
    for (const when of ['before', 'after'] as const) {
      // What the file is begun with, and days: the first is its tables.
      for (const at of [2, 3, 12]) {
        const folder = copyOf(OLD);
        const store = openStore(folder, CARDINALITY_DEFAULT, cutOff(at, when));
        await expect(store.maintain()).rejects.toThrow('cut off');
        expectAllSame(folder, ...range);
        await store.close();
        const next = openStore(folder);
        expectAllSame(folder, ...range);
        for (let pass = 0; pass < 4; pass++) await next.maintain();
        expect(expectSame(folder, request(...range))).toBe(33);
        expectAllSame(folder, ...range);
        await next.close();
      }
    }
  });
});

/** From its nth transaction on, the last file of days is not committed any more, or once and then no more. */
function cutOff(at: number, when: 'before' | 'after'): OpenSql {
  let begun = 0;
  return (path) => {
    const database = openSql(path);
    if (!path.endsWith('day-2026-12.db')) return database;
    return {
      ...database,
      transaction(work) {
        begun += 1;
        if (begun < at) return database.transaction(work);
        if (begun === at && when === 'after') database.transaction(work);
        else database.transaction(() => [work(), fail()]);
        return fail();
      },
    };
  };
}

function fail(): never {
  throw new Error('cut off');
}
