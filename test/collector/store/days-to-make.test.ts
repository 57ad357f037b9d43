import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenSql } from '../../../src/collector/store/sql-driver.js';
import { DAY_MS, HOUR_MS, makeBatch } from '../make-batch.js';
import {
  commit,
  countIn,
  DAY,
  databasesIn,
  makeFolder,
  onDay,
  openSql,
  openStore,
  removeFolders,
} from './store-folder.js';

afterEach(removeFolders);

describe('the rows of a day', () => {
  it('are made when it is over, once, and again when more of it has come', async () => {
    const folder = makeFolder();
    let now = DAY + 23 * HOUR_MS;
    let made = 0;
    const open: OpenSql = (path) => {
      const database = openSql(path);
      if (!path.endsWith('day-2026-11.db')) return database;
      return {
        ...database,
        transaction(work) {
          made += 1;
          return database.transaction(work);
        },
      };
    };
    const store = openStore(folder, () => now, { openSql: open });
    await commit(store, [onDay(0, 1)]);
    await store.maintain();
    expect(databasesIn(folder)).not.toContain('day-2026-11.db');
    now = DAY + DAY_MS;
    await store.maintain();
    expect(countIn(folder, 'day-2026-11.db')).toBe(3);
    // Its tables, and the day.
    expect(made).toBe(2);
    await store.maintain();
    expect(made).toBe(2);
    await commit(store, [onDay(0, 2), onDay(1, 3)]);
    await store.maintain();
    expect(countIn(folder, 'day-2026-11.db')).toBe(6);
    await store.maintain();
    expect(made).toBe(3);
    await store.close();
  });

  it('are made again for as long as it lasts where a clock that was ahead had it over', async () => {
    const folder = makeFolder();
    let now = DAY + DAY_MS;
    const store = openStore(folder, () => now);
    await commit(store, [onDay(0, 1)]);
    await store.maintain();
    now = DAY + 12 * HOUR_MS;
    await commit(store, [onDay(0, 2)]);
    await store.maintain();
    expect(countIn(folder, 'day-2026-11.db')).toBe(6);
    await store.close();
  });

  it('hold all of a raw file before it is deleted, as hours and minutes do', async () => {
    const folder = makeFolder();
    let now = DAY + HOUR_MS;
    let isBroken = true;
    const open: OpenSql = (path) => {
      if (isBroken && path.endsWith('day-2026-11.db')) throw new Error('the disk is bad here');
      return openSql(path);
    };
    const store = openStore(folder, () => now, { openSql: open });
    await commit(store, [onDay(0, 1)]);
    now = DAY + 4 * DAY_MS;
    await expect(store.maintain()).rejects.toThrow(
      /hour-2026-11\.db into day-2026-11\.db: the disk is bad here/,
    );
    expect(databasesIn(folder)).toContain('raw-2026-11-23.db');
    isBroken = false;
    await store.maintain();
    expect(databasesIn(folder)).toEqual([
      'day-2026-11.db',
      'hour-2026-11.db',
      'minute-2026-11-23.db',
    ]);
    expect(countIn(folder, 'day-2026-11.db')).toBe(3);
    await store.close();
  });

  it('do not keep a raw file that has no points', async () => {
    const folder = makeFolder();
    let now = DAY + HOUR_MS;
    const store = openStore(folder, () => now);
    const events = [{ timeMs: DAY, name: 'start', attributes: [] }];
    await commit(store, [makeBatch({ startMs: DAY, events })]);
    now = DAY + 4 * DAY_MS;
    await store.maintain();
    expect(databasesIn(folder)).not.toContain('raw-2026-11-23.db');
    await store.close();
  });

  it('are made of the hours where the raw file was moved away before its day was over', async () => {
    const folder = makeFolder();
    let now = DAY + HOUR_MS;
    let store = openStore(folder, () => now);
    await commit(store, [onDay(-2, 1), onDay(-1, 2), onDay(0, 3)]);
    await store.maintain();
    await store.close();
    rmSync(join(folder, 'raw-2026-11-23.db'));
    store = openStore(folder, () => now);
    await store.maintain();
    expect(countIn(folder, 'day-2026-11.db')).toBe(6);
    now = DAY + DAY_MS;
    await store.maintain();
    expect(countIn(folder, 'day-2026-11.db')).toBe(9);
    await store.close();
  });

  it('are told once: neither accounts nor metrics are of more than before', async () => {
    const folder = makeFolder();
    let now = DAY + HOUR_MS;
    const store = openStore(folder, () => now);
    await commit(store, [onDay(0, 1), onDay(0, 2)]);
    await store.maintain();
    const range = { service: undefined, fromMs: DAY, toMs: DAY + DAY_MS };
    const listed = async () => [
      await store.services(),
      await store.instances(undefined),
      await store.ledger(undefined),
      await store.metrics(range),
    ];
    const before = await listed();
    now = DAY + DAY_MS;
    await store.maintain();
    expect(databasesIn(folder)).toContain('day-2026-11.db');
    expect(await listed()).toEqual(before);
    await store.close();
  });
});
