/**
 * Rolling up and deleting. Runs on the collector's main thread, one pass at a time; the merging
 * itself may run on a thread of the query pool.
 */
import { type FileKey, fileKeyAt, type Retention } from './data-folder.js';
import type { CardinalityLimits } from './file-index.js';
import type { FileReader } from './file-readers.js';
import type { FileSet } from './file-set.js';
import type { RawFiles } from './raw-files.js';
import { lastBatchOf, progressOf, type RollupLevel } from './rollup.js';
import type { StoreTask, TaskResult } from './tasks.js';

/** Runs a task, here or on another thread. */
export type RunTask = <Task extends StoreTask>(task: Task) => Promise<TaskResult<Task>>;

const ROLLUP_LEVELS: readonly RollupLevel[] = ['minute', 'hour'];

/** Brings every rollup up to its raw files. */
export async function rollUpAll(
  files: FileSet,
  run: RunTask,
  limits: CardinalityLimits,
): Promise<void> {
  const { folder } = files;
  for (const source of files.readers().filter(({ level }) => level === 'raw')) {
    for (const level of ROLLUP_LEVELS) {
      const target = { ...fileKeyAt(level, source.fromMs), level };
      if (isRolledUp(files, source, target)) continue;
      files.open(target).sql.close();
      const { period } = source;
      await run({ type: 'rollup', folder, raw: { level: 'raw', period }, target, limits });
    }
  }
}

/**
 * Deletes files past their retention. A raw file goes when its rollups hold all of it and are on the
 * disk; nothing can be committed to it meanwhile, because this runs without a pause.
 */
export function deleteOld(
  files: FileSet,
  raw: RawFiles,
  retention: Retention,
  nowMs: number,
): void {
  for (const reader of files.readers()) {
    if (reader.toMs > nowMs - retention[reader.level]) continue;
    if (reader.level === 'raw') {
      const targets = ROLLUP_LEVELS.map((level) => fileKeyAt(level, reader.fromMs));
      const isSafe = targets.every((key) => isRolledUp(files, reader, key) && sync(files, key));
      if (!isSafe) continue;
      raw.closeFile(reader);
    }
    files.remove(reader);
  }
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
