/**
 * Where the files are and which time each one covers. Names sort by time and say their level:
 *
 *     raw-2026-11-23.db     windows as received, one UTC day
 *     minute-2026-11-23.db  rolled up to 1 min, one UTC day
 *     hour-2026-11.db       rolled up to 1 h, one UTC month
 *     day-2026-11.db        rolled up to UTC days, one UTC month
 *
 * A folder made here is 0700; one that was there keeps its mode, for it may be shared on purpose. The
 * files are 0600 in either.
 */
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../shared/make-folder.js';

export type Level = 'raw' | 'minute' | 'hour' | 'day';

export const DAY_MS = 86_400_000;

/** Width of a level's rows. Raw windows are as wide as the agent makes them, 10 s by default. */
export const LEVEL_MS: Readonly<Record<Level, number>> = {
  raw: 10_000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
};

/** How long each level is kept, in ms; days as long as the hours that they are made of. */
export type Retention = Readonly<Record<Exclude<Level, 'day'>, number>>;

export const RETENTION_DEFAULT: Retention = {
  raw: 2 * DAY_MS,
  minute: 14 * DAY_MS,
  hour: 400 * DAY_MS,
};

export function keptForMs(retention: Retention, level: Level): number {
  return retention[level === 'day' ? 'hour' : level];
}

/** A file by its level and the UTC day or month it covers: `2026-11-23` or `2026-11`. */
export interface FileKey {
  readonly level: Level;
  readonly period: string;
}

export function fileKeyAt(level: Level, timeMs: number): FileKey {
  const iso = new Date(timeMs).toISOString();
  return { level, period: iso.slice(0, isOfMonth(level) ? 7 : 10) };
}

function isOfMonth(level: Level): boolean {
  return level === 'hour' || level === 'day';
}

export function fileName(key: FileKey): string {
  return `${key.level}-${key.period}.db`;
}

/** The time a file covers: from its first ms to the first one after it. */
export function fileSpan(key: FileKey): { fromMs: number; toMs: number } {
  const fromMs = Date.parse(isOfMonth(key.level) ? `${key.period}-01` : key.period);
  const from = new Date(fromMs);
  const toMs = isOfMonth(key.level)
    ? Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1)
    : fromMs + DAY_MS;
  return { fromMs, toMs };
}

/** `tachograph/collector` in the user's state folder (XDG base directories). */
export function defaultDataFolder(env: Readonly<Record<string, string | undefined>>): string {
  const state = env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'tachograph', 'collector');
}

export function makeDataFolder(folder: string): void {
  makeFolder(folder, 0o700);
}

/**
 * Makes an empty file with its mode, before SQLite would make it with the umask's. One that is there is not opened: closing
 * any descriptor of a file frees all locks that this process has on it. A program that looks into the database then takes
 * itself for the only one, and at its end removes the WAL that the collector goes on writing to.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The files of a folder, oldest first within a level; anything else in it is left alone. */
export function listFiles(folder: string): FileKey[] {
  const keys: FileKey[] = [];
  for (const name of readdirSync(folder).sort()) {
    const match = /^(?:(raw|minute)-(\d{4}-\d\d-\d\d)|(hour|day)-(\d{4}-\d\d))\.db$/.exec(name);
    if (match === null) continue;
    keys.push({
      level: (match[1] ?? match[3]) as Level,
      period: (match[2] ?? match[4]) as string,
    });
  }
  return keys;
}

/** Deletes a closed file and what SQLite keeps beside it. */
export function deleteFile(folder: string, key: FileKey): void {
  const path = join(folder, fileName(key));
  // The database last: a WAL without its database is nothing, the reverse would lose commits.
  for (const suffix of ['-shm', '-wal', '']) rmSync(path + suffix, { force: true });
}
