/** Stores in folders of their own, and what their files hold, read past them. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import {
  EmbeddedStore,
  type EmbeddedStoreOptions,
} from '../../../src/collector/store/embedded-store.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import { openForReading } from '../../../src/collector/store/schema.js';
import { loadSqlDriver, type OpenSql } from '../../../src/collector/store/sql-driver.js';
import type { Batch } from '../../../src/transport/batch.js';
import { DAY_MS, makeBatch } from '../make-batch.js';

export const DAY: number = Date.UTC(2026, 10, 23);
export const openSql: OpenSql = await loadSqlDriver();
const folders: string[] = [];

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** @param changes of what a collector has by default, without threads */
export function openStore(
  folder: string,
  now: () => number,
  changes: Partial<EmbeddedStoreOptions> = {},
): EmbeddedStore {
  return new EmbeddedStore({
    ...{ folder, openSql, now, retention: RETENTION_DEFAULT, limits: CARDINALITY_DEFAULT },
    runElsewhere: undefined,
    ...changes,
  });
}

/** As soon as each window ended. Gives what became of each. */
export async function commit(store: EmbeddedStore, batches: readonly Batch[]): Promise<string[]> {
  const received = batches.map((batch) => ({ batch, receivedMs: batch.closedMs + 5 }));
  return (await store.commit(received)).map(({ state }) => state);
}

export function databasesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db'))
    .sort();
}

/** What a data file holds of all series. */
export function countIn(folder: string, name: string): number {
  const { sql } = openForReading(openSql, join(folder, name));
  try {
    return sql.prepare('SELECT total(count) AS count FROM points').get([])?.count as number;
  } finally {
    sql.close();
  }
}

/** A window of three requests at the start of a day, counted from DAY. */
export const onDay = (day: number, sequence: number): Batch =>
  makeBatch({ startMs: DAY + day * DAY_MS, sequence, routes: { '/a': [1, 2, 3] } });
