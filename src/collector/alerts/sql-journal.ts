/**
 * The journal of alerts in the collector's data folder: `alerts.db`, a SQLite file of its own, because it is
 * small, is written often, and outlives the days of the data. Owned by the collector's main thread. Every
 * commit is on the disk when it returns, so a message is neither lost nor made twice over kill -9. Bounded by
 * WAITING_MAX, DELIVERIES_MAX, HISTORY_MAX and the ages below.
 */
import { join } from 'node:path';
import type { EndedAlert } from '../../alerts/alert.js';
import {
  type AlertJournal,
  type Delivery,
  type HistoryRange,
  NOTHING_SAVED,
  type OutboxRow,
  type SavedState,
  type Settled,
  type StepChange,
} from '../../alerts/journal.js';
import { joinedDigest, type Notification } from '../../alerts/notification.js';
import type { Silence } from '../../alerts/silence.js';
import { DAY_MS, makePrivateFile } from '../store/data-folder.js';
import type { OpenSql, SqlDatabase, SqlRow } from '../store/sql-driver.js';

const NAME = 'alerts.db';
const VERSION = '1';
const WAITING_MAX = 5000;
const HISTORY_MAX = 10_000;
const HISTORY_AGE_MS = 90 * DAY_MS;
/** Messages that were settled; the end of an alert may be told long after its beginning. */
const SETTLED_AGE_MS = 30 * DAY_MS;
/** Shown beside alerts, and kept when they were delivered; the newest: Alertmanager is told of each alert every minute. */
const DELIVERIES_MAX = 2000;

const TABLES = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  rank INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  notifier TEXT NOT NULL,
  notification TEXT NOT NULL,
  after_key TEXT,
  next_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  settled_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS outbox_by_state ON outbox (state, next_ms);
CREATE TABLE IF NOT EXISTS history (
  id TEXT PRIMARY KEY,
  ended_ms INTEGER NOT NULL,
  ended TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS history_by_end ON history (ended_ms);
CREATE TABLE IF NOT EXISTS silences (
  id TEXT PRIMARY KEY,
  until_ms INTEGER NOT NULL,
  silence TEXT NOT NULL
) WITHOUT ROWID;
INSERT OR IGNORE INTO meta VALUES ('version', '${VERSION}');
`;

/** One that follows a message which failed will never be sent. */
const DROP_ORPHANS = `UPDATE outbox SET state = 'failed', reason = 'the message before it failed'
  WHERE state = 'waiting' AND after_key IN (SELECT key FROM outbox WHERE state = 'failed')`;
const DROP_OVERFLOW = `UPDATE outbox SET state = 'failed', reason = 'the outbox is full'
  WHERE state = 'waiting' AND rank IN (
    SELECT rank FROM outbox WHERE state = 'waiting' ORDER BY rank DESC LIMIT -1 OFFSET ${WAITING_MAX})`;
/** What follows them may be sent, whether they are remembered or not. */
const DROP_DELIVERED = `DELETE FROM outbox WHERE state = 'delivered' AND rank IN (
    SELECT rank FROM outbox WHERE state = 'delivered' ORDER BY rank DESC LIMIT -1 OFFSET ${DELIVERIES_MAX})`;
const IS_NEXT = `state = 'waiting'
  AND NOT EXISTS (SELECT 1 FROM outbox a WHERE a.key = o.after_key AND a.state <> 'delivered')`;
/** By notifier, so that what waits for one that is down is not in the way of the others. */
const DUE = `SELECT notification, attempts FROM (
    SELECT notification, attempts, rank,
      row_number() OVER (PARTITION BY notifier ORDER BY attempts, rank) AS place
    FROM outbox o WHERE ${IS_NEXT} AND next_ms <= ?)
  WHERE place <= ? ORDER BY attempts, rank`;
const INSERT = `INSERT INTO outbox (key, notifier, notification, after_key, next_ms, attempts, state, reason, settled_ms)
  VALUES (?, ?, ?, ?, ?, 0, 'waiting', '', 0) ON CONFLICT (key) DO NOTHING`;

/** @throws {Error} when the file cannot be used, with what can be done. */
export function openSqlJournal(
  openSql: OpenSql,
  folder: string,
  nowMs: () => number,
): AlertJournal {
  const path = join(folder, NAME);
  let sql: SqlDatabase | undefined;
  try {
    makePrivateFile(path);
    sql = openSql(path);
    sql.exec('PRAGMA journal_mode = WAL');
    sql.exec('PRAGMA synchronous = FULL');
    sql.exec(TABLES);
    const version = sql.prepare("SELECT value FROM meta WHERE name = 'version'").get([])?.value;
    if (version !== VERSION) throw new Error(`expected version ${VERSION}, got ${version}`);
    return new SqlJournal(sql, nowMs);
  } catch (error) {
    sql?.close();
    const { message } = error as Error;
    throw new Error(
      `cannot open ${NAME} in ${folder}: ${message}. Make it writable, or move it away with its -wal and -shm.`,
      { cause: error },
    );
  }
}

class SqlJournal implements AlertJournal {
  readonly #sql: SqlDatabase;
  readonly #nowMs: () => number;

  constructor(sql: SqlDatabase, nowMs: () => number) {
    this.#sql = sql;
    this.#nowMs = nowMs;
  }

  load(): SavedState {
    const text = this.#sql.prepare("SELECT value FROM meta WHERE name = 'state'").get([])?.value;
    if (typeof text !== 'string') return NOTHING_SAVED;
    const { alerts, paces, memory } = JSON.parse(text);
    return { alerts: new Map(alerts), paces, memory };
  }

  commit({ alerts, paces, memory, notifications, ended }: StepChange): void {
    const sql = this.#sql;
    const state = JSON.stringify({ alerts: [...alerts], paces, memory });
    sql.transaction(() => {
      sql.prepare("INSERT OR REPLACE INTO meta VALUES ('state', ?)").run([state]);
      for (const notification of notifications) this.#insert(notification);
      const write = sql.prepare('INSERT OR REPLACE INTO history VALUES (?, ?, ?)');
      for (const one of ended) write.run([one.alert.id, one.endedMs, JSON.stringify(one)]);
      sql.exec(DROP_ORPHANS);
      if (notifications.length > 0) sql.exec(`${DROP_OVERFLOW}; ${DROP_DELIVERED}`);
      if (ended.length > 0) this.#prune();
    });
  }

  #insert(notification: Notification): void {
    const { key, notifier, kind, dueMs } = notification;
    const afterKey = this.#hasFailed(notification.afterKey)
      ? (notification.orAfterKey ?? notification.afterKey)
      : notification.afterKey;
    const known = this.#sql
      .prepare('SELECT notification, state FROM outbox WHERE key = ?')
      .get([key]);
    if (known?.state === 'waiting' && kind === 'digest') {
      const joined = joinedDigest(JSON.parse(known.notification as string), notification);
      this.#sql
        .prepare('UPDATE outbox SET notification = ? WHERE key = ?')
        .run([JSON.stringify(joined), key]);
      return;
    }
    this.#sql.prepare(INSERT).run([key, notifier, JSON.stringify(notification), afterKey, dueMs]);
  }

  #hasFailed(key: string | null): boolean {
    const row = this.#sql.prepare('SELECT state FROM outbox WHERE key = ?').get([key]);
    return row?.state === 'failed';
  }

  #prune(): void {
    const nowMs = this.#nowMs();
    this.#sql
      .prepare("DELETE FROM outbox WHERE state <> 'waiting' AND settled_ms < ?")
      .run([nowMs - SETTLED_AGE_MS]);
    this.#sql.prepare('DELETE FROM history WHERE ended_ms < ?').run([nowMs - HISTORY_AGE_MS]);
    this.#sql.exec(
      `DELETE FROM history WHERE id IN (
        SELECT id FROM history ORDER BY ended_ms DESC LIMIT -1 OFFSET ${HISTORY_MAX})`,
    );
    this.#sql.prepare('DELETE FROM silences WHERE until_ms < ?').run([nowMs]);
  }

  due(nowMs: number, limit: number): OutboxRow[] {
    return this.#sql
      .prepare(DUE)
      .all([nowMs, limit])
      .map(({ notification, attempts }) => ({
        notification: JSON.parse(notification as string),
        attempts: attempts as number,
      }));
  }

  settle(key: string, settled: Settled, nowMs: number): void {
    const reason = settled.state === 'failed' ? settled.reason : '';
    const nextMs = settled.state === 'waiting' ? settled.nextMs : 0;
    this.#sql.transaction(() => {
      this.#sql
        .prepare(
          `UPDATE outbox SET state = ?, reason = ?, next_ms = ?, settled_ms = ?, attempts = attempts + 1
          WHERE key = ?`,
        )
        .run([settled.state, reason, nextMs, nowMs, key]);
      if (settled.state === 'failed') this.#sql.exec(DROP_ORPHANS);
    });
  }

  waitingKeys(): ReadonlySet<string> {
    const rows = this.#sql.prepare("SELECT key FROM outbox WHERE state = 'waiting'").all([]);
    return new Set(rows.map(({ key }) => key as string));
  }

  nextDueMs(): ReadonlyMap<string, number> {
    const rows = this.#sql
      .prepare(
        `SELECT notifier, min(next_ms) AS due FROM outbox o WHERE ${IS_NEXT} GROUP BY notifier`,
      )
      .all([]);
    return new Map(rows.map(({ notifier, due }) => [notifier as string, due as number]));
  }

  deliveries(): Delivery[] {
    const rows = this.#sql
      .prepare('SELECT notification, state, settled_ms FROM outbox ORDER BY rank DESC LIMIT ?')
      .all([DELIVERIES_MAX]);
    return rows.flatMap(deliveriesOf);
  }

  history({ fromMs, toMs, service, limit }: HistoryRange): EndedAlert[] {
    const ofService = service === undefined ? '' : "AND json_extract(ended, '$.alert.service') = ?";
    return this.#sql
      .prepare(
        `SELECT ended FROM history WHERE ended_ms >= ? AND ended_ms <= ? ${ofService}
          ORDER BY ended_ms DESC LIMIT ?`,
      )
      .all([fromMs, toMs, ...(service === undefined ? [] : [service]), limit])
      .map(({ ended }) => JSON.parse(ended as string));
  }

  silences(nowMs: number): Silence[] {
    return this.#sql
      .prepare('SELECT silence FROM silences WHERE until_ms > ? ORDER BY until_ms')
      .all([nowMs])
      .map(({ silence }) => JSON.parse(silence as string));
  }

  addSilence(silence: Silence): void {
    this.#sql
      .prepare('INSERT INTO silences VALUES (?, ?, ?)')
      .run([silence.id, silence.untilMs, JSON.stringify(silence)]);
  }

  removeSilence(id: string): boolean {
    if (this.#sql.prepare('SELECT 1 FROM silences WHERE id = ?').get([id]) === undefined)
      return false;
    this.#sql.prepare('DELETE FROM silences WHERE id = ?').run([id]);
    return true;
  }

  close(): void {
    this.#sql.close();
  }
}

function deliveriesOf(row: SqlRow): Delivery[] {
  const { notifier, alerts, atMs } = JSON.parse(row.notification as string) as Notification;
  const state = row.state as Delivery['state'];
  const settledMs = row.settled_ms as number;
  return alerts.map(({ id }) => ({ alertId: id, notifier, state, atMs: settledMs || atMs }));
}
