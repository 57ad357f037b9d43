/**
 * Which days of a month are to be made of its hours: those that are over and have hours but no rows yet, and those of whose
 * raw file the hours have taken more. A few look-ups. Runs on the collector's main thread.
 */
import { DAY_MS } from './data-folder.js';
import { type Day, lastDayIn } from './day-rollup.js';
import type { FileReader } from './file-readers.js';
import { progressOf } from './rollup.js';
import type { DataFile } from './schema.js';

export interface DayToMake extends Day {
  /** It has rows, and more of it has come. */
  readonly isAgain: boolean;
}

/**
 * Ascending; each up to the last must be made before the next. `isDue` says of a raw file whether the day that was made of
 * it is to be made again: that takes all of the day, and readers find in the raw file what the day has not.
 */
export function daysToMake(
  readers: readonly FileReader[],
  hours: FileReader,
  nowMs: number,
  isDue: (raw: FileReader) => boolean,
): DayToMake[] {
  const days = readers.find(({ level, fromMs }) => level === 'day' && fromMs === hours.fromMs);
  const lastMs = (days && lastDayIn(days.file)) ?? Number.NEGATIVE_INFINITY;
  const toMake: DayToMake[] = [];
  // While the clock was ahead, a day may have been made that is not over.
  const endMs = Math.min(hours.toMs, Math.max(nowMs, lastMs + DAY_MS));
  for (let fromMs = hours.fromMs; fromMs + DAY_MS <= endMs; fromMs += DAY_MS) {
    const raw = readers.find((reader) => reader.level === 'raw' && reader.fromMs === fromMs);
    const isNew = fromMs > lastMs && hasHours(hours.file, fromMs);
    const isAgain = !isNew && raw !== undefined && isBehind(hours, days, raw);
    if (isNew || (isAgain && isDue(raw))) toMake.push({ fromMs, source: raw?.id, isAgain });
  }
  return toMake;
}

/** Whether the hours have taken more of a raw file than the days. */
function isBehind(hours: FileReader, days: FileReader | undefined, raw: FileReader): boolean {
  const made = days === undefined ? 0 : progressOf(days.file, raw.id);
  return made < progressOf(hours.file, raw.id);
}

function hasHours({ sql }: DataFile, fromMs: number): boolean {
  const find = sql.prepare('SELECT 1 FROM points WHERE start_ms >= ? AND start_ms < ? LIMIT 1');
  return find.get([fromMs, fromMs + DAY_MS]) !== undefined;
}
