/** The ids that a file's writer remembers: as many as their keys have room for, and the same ones ever. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CARDINALITY_DEFAULT, FileIndex } from '../../../src/collector/store/file-index.js';
import { type DataFile, openDataFile } from '../../../src/collector/store/schema.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';

const KEYS_LENGTH_MAX = 5000;
/** Longer than any key here. */
const KEY_LENGTH_MAX = 100;
const SERIES = 1000;
const DEFINITION = { name: 'hits', kind: 'counter', unit: '1', scale: 1 } as const;
const openSql = await loadSqlDriver();

let folder: string;
let file: DataFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-index-'));
  file = openDataFile(openSql, join(folder, 'raw-2026-11-23.db'), 'process');
});
afterEach(() => {
  file.sql.close();
  rmSync(folder, { recursive: true, force: true });
});

it('remembers keys of a bounded length in all, and finds what it forgot in the file', () => {
  const index = new FileIndex(file, CARDINALITY_DEFAULT, KEYS_LENGTH_MAX);
  const round = (): number[][] =>
    Array.from({ length: SERIES }, (_, i) => {
      const service = `service-${i % 10}`;
      const process = index.processId('host:1', `boot-${i}`, service);
      const metric = index.metricId(service, DEFINITION);
      const series = index.seriesId(service, metric, JSON.stringify([['http.route', `/${i}`]]));
      expect(index.keysLength).toBeLessThanOrEqual(KEYS_LENGTH_MAX + KEY_LENGTH_MAX);
      return [process, metric, series];
    });
  const first = round();
  expect(round()).toEqual(first);
  expect(new Set(first.map(([, , series]) => series)).size).toBe(SERIES);
});

it('holds to the limits of a file although it forgets what it counted', () => {
  const limits = { ...CARDINALITY_DEFAULT, seriesPerServiceMax: 50, seriesMax: 120 };
  const index = new FileIndex(file, limits, 300);
  for (let i = 0; i < 100; i++) {
    for (const service of ['a', 'b', 'c']) {
      const metric = index.metricId(service, DEFINITION);
      index.seriesId(service, metric, JSON.stringify([['http.route', `/${i}`]]));
    }
  }
  const counts = file.sql
    .prepare(
      'SELECT count(*) AS total FROM series JOIN metrics ON metrics.id = metric GROUP BY service',
    )
    .all([])
    .map(({ total }) => total as number);
  // One more than the limit: the series that takes what is past it.
  expect(Math.max(...counts)).toBeLessThanOrEqual(51);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(120 + counts.length);
});
