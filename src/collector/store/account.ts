/**
 * A process's account in a data file: what was received from it, and the newest it said of itself.
 * Adding is exact because it happens in the transaction that adds the data.
 */
import type { SqlDatabase } from './sql-driver.js';

export interface Account {
  readonly service: string;
  /** Resource attributes and ledger as JSON, of the batch `sequence`. */
  readonly resource: string;
  readonly ledger: string;
  readonly sequence: number;
  /** Start of the first window. */
  readonly firstMs: number;
  /** When the newest batch was received. */
  readonly lastMs: number;
  /**
   * The sender's clock error with the delay of the request, or, where the sender does not say when it
   * sent, of the batch. A delay is never negative, so the smallest seen is the best guess of the error.
   */
  readonly skewMs: number;
  readonly records: number;
  readonly batches: number;
}

const ADD = `UPDATE processes SET
  first_ms = min(iif(batches = 0, 9e15, first_ms), ?),
  last_ms = max(last_ms, ?),
  skew_ms = min(iif(batches = 0, 9e15, skew_ms), ?),
  records = records + ?,
  batches = batches + ?
WHERE id = ?`;

const RENEW = `UPDATE processes SET service = ?, resource = ?, ledger = ?, sequence = ?
WHERE id = ? AND sequence < ?`;

export function addAccount(sql: SqlDatabase, process: number, account: Account): void {
  const { service, resource, ledger, sequence } = account;
  sql
    .prepare(ADD)
    .run([
      account.firstMs,
      account.lastMs,
      account.skewMs,
      account.records,
      account.batches,
      process,
    ]);
  sql.prepare(RENEW).run([service, resource, ledger, sequence, process, sequence]);
}
