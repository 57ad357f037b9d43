/** A store whose answers from days are held against those of the same files without days, byte for byte. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { QueryRequest } from '../../../src/collector/query/query-request.js';
import { readableSpans } from '../../../src/collector/query/readable-spans.js';
import { runQuery } from '../../../src/collector/query/run-query.js';
import {
  fileName,
  listFiles,
  RETENTION_DEFAULT,
} from '../../../src/collector/store/data-folder.js';
import { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import {
  CARDINALITY_DEFAULT,
  type CardinalityLimits,
} from '../../../src/collector/store/file-index.js';
import { type FileReader, FileReaders } from '../../../src/collector/store/file-readers.js';
import { openForReading } from '../../../src/collector/store/schema.js';
import { loadSqlDriver, type OpenSql } from '../../../src/collector/store/sql-driver.js';
import { METRICS } from '../../../src/shared/metric-catalogue.js';
import { gauge } from '../../support/shop/points.js';
import { DAY_MS, DURATION, HOUR_MS, makeBatch } from '../make-batch.js';

/** Two days before a month ends. */
export const START: number = Date.UTC(2026, 10, 29);
const MEMORY = METRICS.find(({ name }) => name === 'process.memory.usage')!;
export const openSql: OpenSql = await loadSqlDriver();
const folders: string[] = [];
let sequence = 0;
/** The collector's. */
export const clock: { nowMs: number } = { nowMs: START };

export function cleanUp(): void {
  clock.nowMs = START;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  folders.push(folder);
  return folder;
}

export function openStore(
  folder: string,
  limits: CardinalityLimits = CARDINALITY_DEFAULT,
  open: OpenSql = openSql,
): EmbeddedStore {
  const options = { folder, openSql: open, now: () => clock.nowMs, retention: RETENTION_DEFAULT };
  return new EmbeddedStore({ ...options, limits, runElsewhere: undefined });
}

export interface Window {
  readonly startMs: number;
  readonly route?: string;
  readonly values?: readonly number[];
  readonly version?: string;
}

export async function commit(store: EmbeddedStore, windows: readonly Window[]): Promise<void> {
  const batches = windows.map(({ startMs, route = '/a', values = [1000], version = '1.0' }) => {
    sequence += 1;
    const gauges = [gauge(MEMORY, {}, values[0]!)];
    const routes = { [route]: values };
    return makeBatch({ boot: `boot-${version}`, version, sequence, startMs, routes, gauges });
  });
  await store.commit(batches.map((batch) => ({ batch, receivedMs: batch.closedMs })));
}

export function request(
  fromMs: number,
  toMs: number,
  changes: Partial<QueryRequest> = {},
): QueryRequest {
  const range = { fromMs, toMs, stepMs: undefined, level: 'hour' } as const;
  const whose = { service: undefined, group: ['http.route'], where: [], limit: 100 };
  return { metric: DURATION, ...range, ...whose, histogram: true, ...changes };
}

/** Every file of a folder, opened as a thread of the pool does. */
export function withReaders<Result>(
  folder: string,
  work: (all: readonly FileReader[]) => Result,
): Result {
  const readers = new FileReaders(folder, openSql);
  try {
    const known = listFiles(folder).map((key) => {
      const file = openForReading(openSql, join(folder, fileName(key)));
      file.sql.close();
      return { ...key, id: file.id };
    });
    return work(readers.update(known));
  } finally {
    readers.close();
  }
}

/** A month may know a metric that its days do not: then there is an answer, but nothing in it. */
function textOf(answer: ReturnType<typeof runQuery>): string {
  return JSON.stringify(answer?.groups.length === 0 ? undefined : answer) ?? 'nothing';
}

/** Compares answers with those of the same files without days. Returns how many days were read as such. */
export function expectSame(folder: string, ...questions: readonly QueryRequest[]): number {
  return withReaders(folder, (all) => {
    const hours = all.filter(({ level }) => level !== 'day');
    let days = 0;
    for (const asked of questions) {
      expect(textOf(runQuery(all, asked))).toBe(textOf(runQuery(hours, asked)));
      for (const { level, fromMs, toMs } of readableSpans(all, asked)) {
        if (level === 'day') days += (toMs - fromMs) / DAY_MS;
      }
    }
    return days;
  });
}

/** The same of questions of all sorts. */
export function expectAllSame(folder: string, fromMs: number, toMs: number): number {
  const [fromDayMs, toDayMs] = [fromMs, toMs].map((ms) => Math.floor(ms / DAY_MS) * DAY_MS);
  const days = [fromDayMs!, toDayMs! + DAY_MS] as const;
  const hours = [Math.floor(fromMs / HOUR_MS), Math.ceil(toMs / HOUR_MS)].map((h) => h * HOUR_MS);
  return expectSame(
    folder,
    request(hours[0]!, hours[1]!),
    request(hours[0]!, hours[1]!, { coarse: true, percentiles: false, histogram: false }),
    request(hours[0]!, hours[1]!, { group: '*', limit: 1 }),
    request(hours[0]!, hours[1]!, { metric: MEMORY.name, group: [], histogram: false }),
    request(hours[0]!, hours[1]!, {
      group: ['service.version'],
      where: [['http.route', '/a']],
      bounds: [1000, 100_000],
    }),
    request(...days, { stepMs: DAY_MS }),
    request(...days, { stepMs: DAY_MS, group: ['service.version'], metric: MEMORY.name }),
    request(...days, { stepMs: 6 * HOUR_MS }),
    request(START - DAY_MS, START + 9 * DAY_MS, { stepMs: 2 * DAY_MS }),
    request(fromMs, toMs, { level: 'minute' }),
    request(fromMs, toMs, { level: 'minute', coarse: true, group: [] }),
  );
}
