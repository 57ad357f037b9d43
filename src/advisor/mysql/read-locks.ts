/**
 * Who waits for whom in InnoDB: from information_schema in MariaDB, from performance_schema in MySQL 8, which has no
 * such tables any more. What an idle blocker ran last only performance_schema knows, which MariaDB has off by default.
 */
import {
  type LockSession,
  type LockWait,
  type RawWait,
  shown,
  WAITED_S_MIN,
  WAITERS_MAX,
  waitsOf,
} from '../locks/lock-wait.js';
import { UntoldError } from '../locks/untold-error.js';
import { latestDeadlock } from './latest-deadlock.js';
import { codeOf, type MysqlSession, openMysql, type Row } from './mysql-session.js';

/** Counted whether or not anybody looks: the status, a long text that is made under a lock, is asked for when it grew. */
const DEADLOCKS =
  "SELECT count AS deadlocks FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'";
const DENIED = /^ER_\w*ACCESS_DENIED_ERROR$/;
const UNKNOWN = /^ER_(?:NO_SUCH|UNKNOWN)_TABLE$/;

const PAIRS = {
  mariadb: `information_schema.innodb_lock_waits w
  JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id
  JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id`,
  mysql: `performance_schema.data_lock_waits w
  JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_engine_transaction_id
  JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_engine_transaction_id`,
};
const LAST = `LEFT JOIN performance_schema.threads t ON t.processlist_id = b.trx_mysql_thread_id
  LEFT JOIN performance_schema.events_statements_current s ON s.thread_id = t.thread_id`;

/** InnoDB writes when a wait began by the clock of the operating system. */
const ITS_ZONE = "SET time_zone = 'SYSTEM'";

/** It cuts what is below a second, which is taken off, so that no wait is longer than it was. */
function waiting(system: keyof typeof PAIRS, knowsLast: boolean): string {
  return `SELECT DISTINCT r.trx_mysql_thread_id AS id, b.trx_mysql_thread_id AS blocker_id, r.trx_query AS blocked,
  b.trx_query AS running, ${knowsLast ? 's.sql_text' : 'NULL'} AS last,
  UNIX_TIMESTAMP(r.trx_wait_started) * 1000 AS since_ms,
  TIMESTAMPDIFF(MICROSECOND, r.trx_wait_started, NOW(6)) / 1000000 - 1 AS waited
FROM ${PAIRS[system]}
  JOIN information_schema.processlist p ON p.id = r.trx_mysql_thread_id AND p.db = DATABASE()
  ${knowsLast ? LAST : ''}
WHERE r.trx_query IS NOT NULL ORDER BY r.trx_wait_started LIMIT 200`;
}

/**
 * @throws {UntoldError} when the server has no such tables: MySQL 5.7
 * @throws {AdvisorError} when there is no way to the database
 */
export async function openMysqlLocks(dsn: string, signal?: AbortSignal): Promise<LockSession> {
  const session = await openMysql(dsn, signal);
  try {
    return await lookerOf(session);
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function lookerOf(session: MysqlSession): Promise<LockSession> {
  const { system } = session;
  await session.readOnly(ITS_ZONE);
  const sql = await readable(session, [waiting(system, true), waiting(system, false)]);
  const deadlock = sql === undefined ? undefined : await deadlocksOf(session);
  return {
    system,
    missingRight:
      sql === undefined
        ? 'GRANT PROCESS ON *.* to the user, by which InnoDB shows who waits'
        : undefined,
    async look() {
      if (sql === undefined) return { waits: [], omitted: 0 };
      const rows = (await session.readOnly(sql)).map(rawOf);
      const waited = new Map(rows.map(({ id, waitedS }) => [id, waitedS]));
      const few = new Set([...waited.keys()].slice(0, WAITERS_MAX));
      const long = [...waited.values()].slice(WAITERS_MAX).filter((s) => s >= WAITED_S_MIN);
      const waits = waitsOf(
        system,
        rows.filter(({ id }) => few.has(id)),
      );
      const mutual = (await deadlock?.()) ?? [];
      return { waits: [...waits, ...mutual], omitted: long.length };
    },
    close: session.close,
  };
}

/** Gives the last deadlock, when there was one since it was asked last. Of several the others are not known. */
async function deadlocksOf(session: MysqlSession): Promise<() => Promise<LockWait[]>> {
  const count = async (): Promise<number> =>
    Number((await session.readOnly(DEADLOCKS))[0]?.deadlocks ?? 0);
  let known = await count();
  return async () => {
    const counted = await count();
    if (counted === known) return [];
    known = counted;
    const [row] = await session.readOnly('SHOW ENGINE INNODB STATUS');
    const found = latestDeadlock(String(row?.Status ?? ''));
    const { system, database } = session;
    // The status is the server's: another database's statements are not for who may see this one.
    if (found?.databases.join() !== database) return [];
    const [blocked, blocker] = found.statements;
    return [
      {
        ...{ key: `deadlock ${found.at}`, kind: 'deadlock', system, blockerState: 'waiting' },
        blocked: shown(system, blocked),
        blocker: shown(system, blocker),
        waitedS: 0,
      },
    ];
  };
}

/** The first that the user may run; undefined when it is for a right that none of them can be. */
async function readable(
  session: MysqlSession,
  sqls: readonly string[],
): Promise<string | undefined> {
  let isUnknown = false;
  for (const sql of sqls) {
    try {
      await session.readOnly(sql);
      return sql;
    } catch (error) {
      const code = codeOf(error);
      isUnknown = UNKNOWN.test(code);
      if (!isUnknown && !DENIED.test(code)) throw error;
    }
  }
  // The last asks for least: rights cannot help where it is unknown.
  if (!isUnknown) return undefined;
  throw new UntoldError(
    `expected MySQL 8 or MariaDB, got ${session.version}, which has no table that tells who waits for whom.`,
  );
}

function rawOf({ id, blocker_id, blocked, running, last, since_ms, waited }: Row): RawWait {
  const blocker = running ?? last ?? null;
  return {
    id: String(id),
    blockerId: String(blocker_id),
    sinceMs: Number(since_ms),
    waitedS: Number(waited),
    blocked: String(blocked),
    blocker: blocker === null ? null : String(blocker),
    isBlockerIdle: running === null,
  };
}
