/**
 * A batch as the worker knows it, and how a destination makes it whole: each lane has a ledger of its
 * own. Runs in the agent's worker. Payloads of a draft lie in the window's buffer, which the next
 * draft uses again: whoever is given one encodes it before it returns.
 */
import type { Batch } from './batch.js';
import { encodeBatch } from './encode-batch.js';
import type { LaneAccount } from './lane-account.js';
import type { Parcel } from './sender.js';

/** `delivered` and `pending` of its ledger are the lane's to fill in. */
export interface BatchDraft extends Omit<Batch, 'ledger'> {
  readonly ledger: {
    readonly recorded: number;
    readonly dropped: Readonly<Record<string, number>>;
    /** Records that are neither in this batch nor in an earlier one: they wait in the rings. */
    readonly outside: number;
  };
}

/**
 * The whole batch with the ledger of a lane where `waiting` records of earlier batches wait.
 * @throws {Error} when it cannot be encoded
 */
export function parcelOf(draft: BatchDraft, account: LaneAccount, waiting: number): Parcel {
  const { identity, records, closedMs } = draft;
  const { recorded, outside, dropped } = draft.ledger;
  const ledger = account.ledger(recorded, outside + records + waiting, dropped);
  return { identity, records, closedMs, body: encodeBatch({ ...draft, ledger }) };
}
