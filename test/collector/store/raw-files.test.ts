/** The writer's side of the store: which files are open, and which ids are remembered. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { loadSqlDriver, type SqlDatabase } from '../../../src/collector/store/sql-driver.js';
import type { Batch } from '../../../src/transport/batch.js';
import { DAY_MS, makeBatch } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const openSql = await loadSqlDriver();

let folder: string;
let store: EmbeddedStore;
/** Connections to raw files, by how many are open: one for writing and one for reading each. */
let open: Map<string, number>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  open = new Map();
  store = openStore();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function openStore(): EmbeddedStore {
  return new EmbeddedStore({
    folder,
    openSql: counting,
    now: () => NOW,
    retention: RETENTION_DEFAULT,
    limits: CARDINALITY_DEFAULT,
    runElsewhere: undefined,
  });
}

function counting(path: string): SqlDatabase {
  const database = openSql(path);
  open.set(path, (open.get(path) ?? 0) + 1);
  return {
    ...database,
    close() {
      open.set(path, (open.get(path) ?? 0) - 1);
      database.close();
    },
  };
}

const states = async (...batches: Batch[]): Promise<string[]> => {
  const outcomes = await store.commit(batches.map((batch) => ({ batch, receivedMs: NOW })));
  return outcomes.map(({ state }) => state);
};

const ofDay = (daysAgo: number): Batch =>
  makeBatch({ startMs: NOW - daysAgo * DAY_MS, sequence: daysAgo + 1, routes: { '/a': [1] } });

it('keeps a bounded number of files open for writing, whichever days batches come for', async () => {
  const days = Array.from({ length: 13 }, (_, day) => day);
  for (const day of days) expect(await states(ofDay(day))).toEqual(['stored']);
  expect(readdirSync(folder).filter((name) => /^raw-.*\.db$/.test(name))).toHaveLength(13);
  const raw = [...open].filter(([path]) => path.includes('raw-'));
  const writers = raw.filter(([, connections]) => connections > 1);
  expect(writers).toHaveLength(4);
});

it('knows a batch of a file that it has closed meanwhile, and adds to it', async () => {
  for (let day = 0; day < 8; day++) await states(ofDay(day));
  for (let day = 0; day < 8; day++) expect(await states(ofDay(day))).toEqual(['duplicate']);
  const more = makeBatch({ startMs: NOW, sequence: 100, routes: { '/a': [1, 2] } });
  expect(await states(more, ofDay(3), ofDay(9))).toEqual(['stored', 'duplicate', 'stored']);
});

it('finds every series again when there are more than it remembers', async () => {
  const long = 'x'.repeat(1000);
  const attributes = Array.from({ length: 7 }, (_, i): [string, string] => [`long.${i}`, long]);
  const SERIES = 2500;
  const batch = (sequence: number): Batch =>
    makeBatch({
      startMs: NOW,
      sequence,
      counters: Array.from({ length: SERIES }, (_, i) => ({
        series: {
          name: `hits.${sequence % 2}`,
          kind: 'counter',
          unit: '1',
          scale: 1,
          attributes: [...attributes, ['route', `/${i}`]],
        },
        value: 1,
      })),
    });
  for (let sequence = 1; sequence <= 6; sequence++) {
    expect(await states(batch(sequence))).toEqual(['stored']);
  }
  const metrics = await store.metrics({
    service: 'shop',
    fromMs: NOW - DAY_MS,
    toMs: NOW + DAY_MS,
  });
  expect(metrics.map(({ name, series }) => [name, series])).toEqual([
    ['hits.0', SERIES],
    ['hits.1', SERIES],
  ]);
});

/** Another program that looks into a database, as people do with the shell of SQLite, and ends. */
const LOOK = `
const Database = require(${JSON.stringify(createRequire(import.meta.url).resolve('libsql'))});
const database = new Database(process.argv[1]);
process.stdout.write(String(database.prepare('SELECT count(*) AS total FROM batches').get([]).total));
database.close();
`;

it.each(['raw', 'minute'])(
  'keeps what is written to a file of the level %s after another program has looked into it',
  async (level) => {
    const path = join(folder, `${level}-2026-11-23.db`);
    const look = (): string =>
      execFileSync(process.execPath, ['-e', LOOK, path], { encoding: 'utf8' });
    const write = async (sequence: number): Promise<void> => {
      const batch = makeBatch({ startMs: NOW, sequence, routes: { '/a': [1] } });
      expect(await states(batch)).toEqual(['stored']);
      await store.maintain();
    };
    await write(1);
    await store.close();
    store = openStore();
    await write(2);
    expect(look()).toBe('2');
    await write(3);
    expect(look()).toBe('3');
  },
);
