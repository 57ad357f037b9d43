/**
 * Looks at a database and says what would make its statements faster. The kind of the DSN chooses how; the
 * driver is loaded with it. Never writes, never executes a statement; one connection.
 */
import type { AdviceReport, DatabaseSystem } from './advice.js';
import { AdvisorError } from './advisor-error.js';
import type { Pace } from './pace.js';
import type { Statement } from './statements.js';

export interface AdviseOptions {
  /** Where there are none, those that the database has recorded, where it does. */
  readonly statements: readonly Statement[];
  /** Statements that are looked at, at most. */
  readonly limit: number;
  /** Tables with fewer rows get no advice about indexes. */
  readonly rowsMin: number;
  readonly pace: Pace;
  /** Whether indexes may be tried hypothetically; else they are estimated. */
  readonly mayTryIndexes: boolean;
  /** Ends the look and its connection at once, also where the server is silent. */
  readonly signal?: AbortSignal | undefined;
}

export const ROWS_MIN_DEFAULT = 10_000;
export const LIMIT_DEFAULT = 50;

/** The systems that statements of a DSN are recorded as. */
export function systemsOf(dsn: string): readonly DatabaseSystem[] {
  if (/^postgres(?:ql)?:\/\//.test(dsn)) return ['postgresql'];
  if (/^(?:mysql|mariadb):\/\//.test(dsn)) return ['mysql', 'mariadb'];
  if (/^sqlite:./.test(dsn)) return ['sqlite'];
  throw new AdvisorError(
    'expected a DSN like postgres://user@host/database, mysql://user@host/database or sqlite:FILE.',
  );
}

/** @throws {AdvisorError} when it cannot be looked at */
export async function advise(dsn: string, options: AdviseOptions): Promise<AdviceReport> {
  switch (systemsOf(dsn)[0]) {
    case 'postgresql': {
      const { advisePostgres } = await import('./postgres/advise-postgres.js');
      return advisePostgres(dsn, options);
    }
    case 'mysql': {
      const { adviseMysql } = await import('./mysql/advise-mysql.js');
      return adviseMysql(dsn, options);
    }
    default: {
      const { adviseSqlite } = await import('./sqlite/advise-sqlite.js');
      return adviseSqlite(dsn.slice('sqlite:'.length), options);
    }
  }
}
