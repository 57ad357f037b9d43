/**
 * Types of errors by which databases tell that a statement waited in vain for a lock, or was the victim of a
 * deadlock: SQLSTATEs of PostgreSQL, codes of MySQL and MariaDB as their drivers name them, results of SQLite.
 */

const DEADLOCKS: ReadonlySet<string> = new Set(['40P01', 'ER_LOCK_DEADLOCK', '1213']);
const WAITS: ReadonlySet<string> = new Set([
  '55P03',
  '40001',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_NOWAIT',
  'ER_CHECKREAD',
  '1205',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
]);
/** SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED_SHAREDCACHE. */
const EXTENDED = /^SQLITE_(?:BUSY|LOCKED)_/;

export function isDeadlock(errorType: string): boolean {
  return DEADLOCKS.has(errorType);
}

export function isOfLock(errorType: string): boolean {
  return DEADLOCKS.has(errorType) || WAITS.has(errorType) || EXTENDED.test(errorType);
}
