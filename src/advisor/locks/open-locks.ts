/** The connection by which one looks at who waits for whom, by the kind of the DSN. The driver is loaded with it. */
import { systemsOf } from '../advise.js';
import type { LockSession } from './lock-wait.js';
import { UntoldError } from './untold-error.js';

/**
 * @param signal ends the connection at once, whatever it waits for
 * @throws {UntoldError} of a SQLite, where a statement waits for the one writer of the file, and of a server that is too old
 * @throws {AdvisorError} when there is no way to the database
 */
export async function openLocks(dsn: string, signal?: AbortSignal): Promise<LockSession> {
  switch (systemsOf(dsn)[0]) {
    case 'postgresql': {
      const { openPostgresLocks } = await import('../postgres/read-locks.js');
      return openPostgresLocks(dsn, signal);
    }
    case 'mysql': {
      const { openMysqlLocks } = await import('../mysql/read-locks.js');
      return openMysqlLocks(dsn, signal);
    }
    default:
      throw new UntoldError(
        'expected a PostgreSQL, MySQL or MariaDB: a SQLite file has no server that could tell who waits.',
      );
  }
}
