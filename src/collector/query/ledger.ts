/**
 * The account of each process: recorded = received + dropped + pending.
 *
 * `received` is counted here, from committed batches. `recorded`, `delivered`, `dropped` and the
 * ledger's own pending come from the newest ledger by sequence, written when that batch was closed.
 * Between the two lies what was under way: records closed into batches that arrived later, or never.
 * So of what is neither received nor dropped, as much as the ledger called pending may still be
 * pending; anything beyond that is unaccounted for:
 *
 *     open        = recorded - dropped - received
 *     pending     = open, held between 0 and the ledger's pending
 *     unaccounted = open - pending
 *
 * Positive: the process believes it delivered what is not here (loss). Negative: more is here than
 * was recorded and not dropped (a duplicate, or a batch given up by the sender that did arrive).
 */
import type { Ledger } from '../../transport/batch.js';
import type { ProcessRecord } from './accounts.js';

export interface ProcessAccount {
  readonly agent: string;
  readonly boot: string;
  readonly service: string;
  readonly recorded: number;
  readonly received: number;
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** Nothing unaccounted for, and the process's own ledger adds up. */
  readonly balanced: boolean;
  readonly unaccounted: number;
  readonly batches: number;
  readonly lastSequence: number;
  readonly lastSeenMs: number;
}

export function accountOf(record: ProcessRecord): ProcessAccount {
  const ledger = JSON.parse(record.ledger) as Ledger;
  const { recorded, delivered, dropped } = ledger;
  const droppedTotal = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  const open = recorded - droppedTotal - record.records;
  const pending = Math.min(Math.max(open, 0), ledger.pending);
  const unaccounted = open - pending;
  const addsUp = recorded === delivered + droppedTotal + ledger.pending;
  return {
    agent: record.agent,
    boot: record.boot,
    service: record.service,
    recorded,
    received: record.records,
    delivered,
    pending,
    dropped,
    balanced: unaccounted === 0 && addsUp,
    unaccounted,
    batches: record.batches,
    lastSequence: record.sequence,
    lastSeenMs: record.lastMs,
  };
}
