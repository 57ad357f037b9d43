import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { rollUp } from '../../../src/collector/store/rollup.js';
import { openDataFile, openForReading } from '../../../src/collector/store/schema.js';
import type { OpenSql } from '../../../src/collector/store/sql-driver.js';
import { DAY_MS, durationSeries, HOUR_MS, histogramOf, makeBatch } from '../make-batch.js';
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

describe('a rollup that fails', () => {
  it('stops neither the other rollups nor retention, and is told and tried again', async () => {
    const folder = makeFolder();
    let now = DAY + HOUR_MS;
    let isBroken = false;
    const open: OpenSql = (path) => {
      if (isBroken && path.endsWith('minute-2026-11-23.db'))
        throw new Error('the disk is bad here');
      return openSql(path);
    };
    const store = openStore(folder, () => now, { openSql: open });
    await commit(store, [onDay(-20, 1), onDay(-19, 2)]);
    await store.maintain();
    await commit(store, [onDay(0, 3), onDay(1, 4)]);
    now = DAY + 4 * DAY_MS;
    isBroken = true;
    await expect(store.maintain()).rejects.toThrow(
      /raw-2026-11-23\.db into minute-2026-11-23\.db: the disk is bad here/,
    );
    // The hours of that day and all of the next are there; the day that failed keeps its raw file.
    expect(databasesIn(folder)).toEqual([
      'day-2026-11.db',
      'hour-2026-11.db',
      'minute-2026-11-23.db',
      'minute-2026-11-24.db',
      'raw-2026-11-23.db',
    ]);
    expect(countIn(folder, 'hour-2026-11.db')).toBe(12);
    expect(countIn(folder, 'minute-2026-11-24.db')).toBe(3);

    isBroken = false;
    await store.maintain();
    expect(databasesIn(folder)).not.toContain('raw-2026-11-23.db');
    expect(countIn(folder, 'minute-2026-11-23.db')).toBe(3);
    expect(countIn(folder, 'hour-2026-11.db')).toBe(12);
    await store.close();
  });

  it('finds what is past its retention deleted already, so that a full disk gets room', async () => {
    const folder = makeFolder();
    let now = DAY + HOUR_MS;
    const seen: string[][] = [];
    const open: OpenSql = (path) => {
      if (path.endsWith('minute-2026-12-13.db')) seen.push(databasesIn(folder));
      return openSql(path);
    };
    const store = openStore(folder, () => now, { openSql: open });
    await commit(store, [onDay(0, 1)]);
    await store.maintain();
    await commit(store, [onDay(20, 2)]);
    now = DAY + 20 * DAY_MS + HOUR_MS;
    await store.maintain();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen[0]).not.toContain('minute-2026-11-23.db');
    await store.close();
  });
});

describe('retention of minutes shorter than that of raw windows', () => {
  it('deletes both, and makes no minutes anew that are past theirs', async () => {
    const folder = makeFolder();
    let now = DAY + HOUR_MS;
    const retention = { raw: 5 * DAY_MS, minute: 2 * DAY_MS, hour: 400 * DAY_MS };
    const opened: string[] = [];
    const open: OpenSql = (path) => {
      opened.push(path.slice(folder.length + 1));
      return openSql(path);
    };
    let store = openStore(folder, () => now, { openSql: open, retention });
    await commit(store, [onDay(0, 1)]);
    await store.maintain();
    now = DAY + 4 * DAY_MS;
    await store.maintain();
    expect(databasesIn(folder)).toEqual(['day-2026-11.db', 'hour-2026-11.db', 'raw-2026-11-23.db']);
    opened.length = 0;
    await store.maintain();
    expect(opened).not.toContain('minute-2026-11-23.db');
    await store.close();
    now = DAY + 7 * DAY_MS;
    store = openStore(folder, () => now, { retention });
    await store.maintain();
    expect(databasesIn(folder)).toEqual(['day-2026-11.db', 'hour-2026-11.db']);
    await store.close();
  });
});

describe('the limits of a file', () => {
  const limits = {
    ...CARDINALITY_DEFAULT,
    seriesPerServiceMax: 2,
    metricsPerServiceMax: 1,
    processesMax: 1,
  };
  const named = (name: string) => histogramOf({ ...durationSeries(), name }, [1, 2]);

  it('refuse nothing in a rollup: many days of processes and metrics go into one hour file', async () => {
    const folder = makeFolder();
    const store = openStore(folder, () => DAY + 3 * DAY_MS, { limits });
    const batches = [0, 1, 2].map((day) =>
      makeBatch({
        startMs: DAY + day * DAY_MS,
        boot: `boot-${day}`,
        histograms: [named(`metric.${day}`)],
      }),
    );
    expect(await commit(store, batches)).toEqual(['stored', 'stored', 'stored']);
    await store.maintain();
    expect(countIn(folder, 'hour-2026-11.db')).toBe(6);
    await store.close();
  });

  it('still refuse a second process and a second metric of one raw file', async () => {
    const store = openStore(makeFolder(), () => DAY + HOUR_MS, { limits });
    const startMs = DAY;
    expect(
      await commit(store, [
        makeBatch({ startMs, histograms: [named('metric.0')] }),
        makeBatch({ startMs, boot: 'boot-2', histograms: [named('metric.0')] }),
        makeBatch({ startMs, sequence: 2, histograms: [named('metric.1')] }),
      ]),
    ).toEqual(['stored', 'refused', 'refused']);
    await store.close();
  });
});

describe('two rollups of one file at once', () => {
  it('take each batch once, whoever comes first', async () => {
    const folder = makeFolder();
    const store = openStore(folder, () => DAY + HOUR_MS);
    await commit(store, [onDay(0, 1), onDay(0, 2)]);
    await store.close();
    const raw = openForReading(openSql, join(folder, 'raw-2026-11-23.db'));
    const path = join(folder, 'hour-2026-11.db');
    const first = openDataFile(openSql, path, 'process');
    const second = openDataFile(openSql, path, 'process');
    let secondTook = 0;
    const overtaken = {
      ...first,
      sql: {
        ...first.sql,
        transaction<Result>(work: () => Result): Result {
          secondTook += rollUp(raw, second, 'hour', CARDINALITY_DEFAULT);
          return first.sql.transaction(work);
        },
      },
    };
    expect(rollUp(raw, overtaken, 'hour', CARDINALITY_DEFAULT)).toBe(0);
    expect(secondTook).toBe(2);
    for (const { sql } of [raw, first, second]) sql.close();
    expect(countIn(folder, 'hour-2026-11.db')).toBe(6);
  });
});
