/**
 * Rolling up and deleting. Runs on the collector's main thread, one pass at a time; the merging
 * itself may run on a thread of the query pool.
 */
import {
  type FileKey,
  fileKeyAt,
  fileName,
  fileSpan,
  keptForMs,
  type Level,
  type Retention,
} from './data-folder.js';
import { goneSources, noteSources } from './day-rollup.js';
import { daysToMake } from './days-to-make.js';
import type { CardinalityLimits } from './file-index.js';
import type { FileReader } from './file-readers.js';
import type { FileSet } from './file-set.js';
import type { RawFiles } from './raw-files.js';
import { lastBatchOf, progressOf, type RollupLevel } from './rollup.js';
import type { StoreTask, TaskResult } from './tasks.js';

/** Runs a task, here or on another thread. */
export type RunTask = <Task extends StoreTask>(task: Task) => Promise<TaskResult<Task>>;

const ROLLUP_LEVELS: readonly RollupLevel[] = ['minute', 'hour'];
/** What must hold all of a raw file before it goes. */
const KEEPING_LEVELS: readonly Level[] = [...ROLLUP_LEVELS, 'day'];

/**
 * Of one pass. A store of before there were days has hundreds to make, each 0.2 to 0.3 s of a core with 850 series and
 * processes; whoever closes the store waits for the pass.
 */
const DAYS_MAX = 10;

/** While late windows trickle in, a day is made again no more often. */
const REMADE_EVERY_MS = 3_600_000;

export interface MaintenanceParts {
  readonly files: FileSet;
  readonly raw: RawFiles;
  readonly run: RunTask;
  readonly limits: CardinalityLimits;
  readonly retention: Retention;
  /** Unix ms. */
  readonly now: () => number;
  /** When days were last made again, Unix ms; kept from pass to pass. */
  readonly remade: { lastMs: number };
}

/**
 * One pass. What fails is left for the next pass and stops nothing else: one bad file must not keep
 * the others from being rolled up and deleted. Deletes first too, so that a full disk gets the room
 * that rolling up needs.
 *
 * @throws {Error} the first failure, when all else is done.
 */
export async function maintainAll(parts: MaintenanceParts): Promise<void> {
  const failures: Error[] = [];
  deleteOld(parts, failures);
  await rollUpAll(parts, failures);
  await makeDays(parts, failures);
  deleteOld(parts, failures);
  if (failures[0] !== undefined) throw failures[0];
}

/** Brings every rollup that is still kept up to its raw files. */
async function rollUpAll(parts: MaintenanceParts, failures: Error[]): Promise<void> {
  const { files, run, limits } = parts;
  const { folder } = files;
  for (const source of files.readers().filter(({ level }) => level === 'raw')) {
    const { period } = source;
    for (const level of ROLLUP_LEVELS) {
      const target = { ...fileKeyAt(level, source.fromMs), level };
      try {
        if (isPast(parts, target) || isRolledUp(files, source, target)) continue;
        files.open(target).sql.close();
        await run({ type: 'rollup', folder, raw: { level: 'raw', period }, target, limits });
      } catch (error) {
        failures.push(failure(`roll up ${fileName(source)} into ${fileName(target)}`, error));
      }
    }
  }
}

/** Makes the days that are over and not made of all that the hours have. The newest months come first: they are asked for. */
async function makeDays(parts: MaintenanceParts, failures: Error[]): Promise<void> {
  const { files, run, limits, now } = parts;
  const { folder } = files;
  let left = DAYS_MAX;
  const startMs = now();
  const isTime = startMs - parts.remade.lastMs >= REMADE_EVERY_MS;
  const isDue = (raw: FileReader): boolean => isTime || isPast(parts, raw);
  const months = files.readers().filter((reader) => reader.level === 'hour');
  for (const hours of months.reverse()) {
    const target = { level: 'day', period: hours.period } as const;
    const source = { level: 'hour', period: hours.period } as const;
    try {
      if (isPast(parts, target)) continue;
      beginAnew(files, hours, target);
      // In order: a day that is not made must not be followed by one that is.
      const days = daysToMake(files.readers(), hours, now(), isDue).slice(0, left);
      left -= days.length;
      for (const day of days) {
        if (day.isAgain) parts.remade.lastMs = startMs;
        files.open(target).sql.close();
        await run({ type: 'day', folder, hours: source, target, day, limits });
      }
    } catch (error) {
      failures.push(failure(`roll up ${fileName(hours)} into ${fileName(target)}`, error));
    }
  }
}

/** Has the days of a month made anew where the hours hold more of raw files that are gone. */
function beginAnew(files: FileSet, hours: FileReader, target: FileKey): void {
  const days = files.reader(target);
  const gone = goneSources(hours.file, days?.file, files.readers());
  if (gone.areKnown) return;
  if (days !== undefined) files.remove(days);
  const file = files.open(target);
  try {
    noteSources(hours.file, file, gone.sources);
  } finally {
    file.sql.close();
  }
}

/** Deletes files past their retention. */
function deleteOld(parts: MaintenanceParts, failures: Error[]): void {
  const { files, raw } = parts;
  for (const reader of files.readers()) {
    if (!isPast(parts, reader)) continue;
    try {
      if (reader.level === 'raw') {
        if (!isSafe(parts, reader)) continue;
        raw.closeFile(reader);
      }
      files.remove(reader);
    } catch (error) {
      failures.push(failure(`delete ${fileName(reader)}`, error));
    }
  }
}

function failure(action: string, error: unknown): Error {
  return new Error(`cannot ${action}: ${(error as Error).message}`, { cause: error });
}

function isPast({ retention, now }: MaintenanceParts, key: FileKey): boolean {
  return fileSpan(key).toMs <= now() - keptForMs(retention, key.level);
}

/**
 * A raw file goes when the rollups that are still kept hold all of it and are on the disk; nothing can
 * be committed to it meanwhile, because deleting runs without a pause.
 */
function isSafe(parts: MaintenanceParts, source: FileReader): boolean {
  const { files } = parts;
  const targets = KEEPING_LEVELS.map((level) => fileKeyAt(level, source.fromMs));
  return targets.every(
    (key) => isPast(parts, key) || (isRolledUp(files, source, key) && sync(files, key)),
  );
}

function isRolledUp(files: FileSet, source: FileReader, target: FileKey): boolean {
  const last = lastBatchOf(source.file);
  if (last === 0) return true;
  const reader = files.reader(target);
  return reader !== undefined && progressOf(reader.file, source.id) >= last;
}

/** Moves a rollup's WAL into the file, which syncs both. False while a reader is in the way. */
function sync(files: FileSet, key: FileKey): boolean {
  if (files.reader(key) === undefined) return true;
  const file = files.open(key);
  try {
    const result = file.sql.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get([]);
    return result?.busy === 0;
  } finally {
    file.sql.close();
  }
}
