/**
 * The heavy work of the store as plain data, so that it can run on a thread of the query pool as well
 * as on the main thread: merging for a query, comparing two periods, and rolling up into minutes, hours and days.
 */
import { join } from 'node:path';
import type { QueryRequest, QueryResult } from '../query/query-request.js';
import { type CompareRequest, type CompareResult, runCompare } from '../query/run-compare.js';
import { runQuery } from '../query/run-query.js';
import { type FileKey, fileName } from './data-folder.js';
import { type Day, rollUpDay } from './day-rollup.js';
import type { CardinalityLimits } from './file-index.js';
import { FileReaders, type KnownFile } from './file-readers.js';
import { type RollupLevel, rollUp } from './rollup.js';
import { type DataFile, openDataFile, openForReading } from './schema.js';
import { loadSqlDriver, type OpenSql } from './sql-driver.js';

export interface QueryTask {
  readonly type: 'query';
  readonly folder: string;
  readonly files: readonly KnownFile[];
  readonly request: QueryRequest;
}

export interface CompareTask {
  readonly type: 'compare';
  readonly folder: string;
  readonly files: readonly KnownFile[];
  readonly request: CompareRequest;
}

export interface RollupTask {
  readonly type: 'rollup';
  readonly folder: string;
  readonly raw: FileKey;
  readonly target: FileKey & { readonly level: RollupLevel };
  readonly limits: CardinalityLimits;
}

export interface DayTask {
  readonly type: 'day';
  readonly folder: string;
  readonly hours: FileKey;
  readonly target: FileKey;
  readonly day: Day;
  readonly limits: CardinalityLimits;
}

export type StoreTask = QueryTask | CompareTask | RollupTask | DayTask;
export type TaskResult<Task> = Task extends QueryTask
  ? QueryResult | undefined
  : Task extends CompareTask
    ? CompareResult | undefined
    : Task extends RollupTask
      ? number
      : undefined;

/** Runs tasks on the thread that made it; connections stay open between queries. */
export type TaskRunner = <Task extends StoreTask>(task: Task) => TaskResult<Task>;

export function createTaskRunner(openSql: OpenSql): TaskRunner {
  const readers = new Map<string, FileReaders>();
  return (task) => {
    if (task.type === 'rollup') return runRollup(openSql, task) as never;
    if (task.type === 'day') return runDay(openSql, task) as never;
    let folderReaders = readers.get(task.folder);
    if (folderReaders === undefined) {
      folderReaders = new FileReaders(task.folder, openSql);
      readers.set(task.folder, folderReaders);
    }
    const files = folderReaders.update(task.files);
    return (
      task.type === 'query' ? runQuery(files, task.request) : runCompare(files, task.request)
    ) as never;
  };
}

/** A runner with the driver this runtime has. */
export async function loadTaskRunner(): Promise<TaskRunner> {
  return createTaskRunner(await loadSqlDriver());
}

function runRollup(openSql: OpenSql, { folder, raw, target, limits }: RollupTask): number {
  return withFiles(openSql, folder, raw, target, (source, file) =>
    rollUp(source, file, target.level, limits),
  );
}

function runDay(openSql: OpenSql, { folder, hours, target, day, limits }: DayTask): undefined {
  withFiles(openSql, folder, hours, target, (source, file) => rollUpDay(source, file, day, limits));
}

function withFiles<Result>(
  openSql: OpenSql,
  folder: string,
  from: FileKey,
  into: FileKey,
  work: (source: DataFile, target: DataFile) => Result,
): Result {
  const source = openForReading(openSql, join(folder, fileName(from)));
  let target: DataFile | undefined;
  try {
    target = openDataFile(openSql, join(folder, fileName(into)), 'process');
    return work(source, target);
  } finally {
    target?.sql.close();
    source.sql.close();
  }
}
