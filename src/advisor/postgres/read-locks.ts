/**
 * Who waits for whom in a PostgreSQL. `pg_blocking_pids` holds the lock manager for a moment, so it is asked about
 * WAITERS_MAX sessions at most, and about none while nobody waits.
 */
import {
  type LockSession,
  type RawWait,
  WAITED_S_MIN,
  WAITERS_MAX,
  waitsOf,
} from '../locks/lock-wait.js';
import { openPostgres, type PostgresSession, type Row } from './postgres-session.js';

/** `pg_locks` tells since when from then on; before, since when the statement runs. */
const WAITSTART_VERSION = 140_000;
/** It computes what WITH names once where it is told so; before, always. */
const MATERIALIZED_VERSION = 120_000;
const READS_ALL = 'pg_read_all_stats';

function waiting(version: number): string {
  const kept = version >= MATERIALIZED_VERSION ? 'AS MATERIALIZED' : 'AS';
  return `
WITH waiting ${kept} (
  SELECT pid, min(${version >= WAITSTART_VERSION ? 'waitstart' : 'NULL::timestamptz'}) AS since
  FROM pg_locks WHERE NOT granted GROUP BY pid),
here ${kept} (
  SELECT w.pid, a.query, coalesce(w.since, a.query_start) AS since
  FROM waiting w JOIN pg_stat_activity a ON a.pid = w.pid AND a.datname = current_database()),
few ${kept} (SELECT * FROM here ORDER BY since LIMIT ${WAITERS_MAX})
SELECT few.pid::text AS id, few.query AS blocked, blocking.pid::text AS blocker_id, b.query AS blocker,
  b.state ~ '^idle' AS is_idle, round(extract(epoch FROM few.since) * 1000)::float8 AS since_ms,
  extract(epoch FROM clock_timestamp() - few.since)::float8 AS waited, 
  (SELECT count(*) FROM here WHERE clock_timestamp() - since >= ${WAITED_S_MIN} * interval '1 s')::int AS waiting
FROM few CROSS JOIN LATERAL unnest(pg_blocking_pids(few.pid)) AS blocking (pid)
LEFT JOIN pg_stat_activity b ON b.pid = blocking.pid`;
}

const RIGHTS = `
SELECT rolsuper OR pg_has_role(current_user, '${READS_ALL}', 'USAGE') AS allowed
FROM pg_roles WHERE rolname = current_user`;

/** What the server says in the place of a text that the role may not read. */
const HIDDEN = '<insufficient privilege>';

/** @throws {AdvisorError} when there is no way to the database */
export async function openPostgresLocks(dsn: string, signal?: AbortSignal): Promise<LockSession> {
  const session = await openPostgres(dsn, signal);
  try {
    return await lookerOf(session);
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function lookerOf(session: PostgresSession): Promise<LockSession> {
  const [rights] = await session.readOnly(({ query }) => query(RIGHTS));
  const sql = waiting(session.version);
  return {
    system: 'postgresql',
    missingRight: rights?.allowed === true ? undefined : `GRANT ${READS_ALL} to the role`,
    async look() {
      const rows = await session.readOnly(({ query }) => query(sql));
      const read = rows.filter(({ blocked }) => blocked !== HIDDEN && blocked !== '');
      const omitted = Math.max(0, Number(rows[0]?.waiting ?? 0) - WAITERS_MAX);
      return { waits: waitsOf('postgresql', read.map(rawOf)), omitted };
    },
    close: session.close,
  };
}

function rawOf(row: Row): RawWait {
  // Of a transaction that is prepared, or gone by now, there is no session.
  const text = row.blocker === null || row.blocker === HIDDEN ? '' : String(row.blocker);
  return {
    id: String(row.id),
    blockerId: String(row.blocker_id),
    sinceMs: Number(row.since_ms),
    waitedS: Number(row.waited),
    blocked: String(row.blocked),
    blocker: text === '' ? null : text,
    isBlockerIdle: row.is_idle === true,
  };
}
