/**
 * What the collector needs of a store. The embedded one is in `embedded-store.ts`; another driver
 * implements the same few verbs. Everything that can wait for a disk is asynchronous.
 */
import type { BatchIdentity } from '../../transport/batch.js';
import type { EventsRequest, StoredEvent } from '../query/events.js';
import type { ProcessAccount } from '../query/ledger.js';
import type { Instance, MetricSummary, Service } from '../query/listings.js';
import type { QueryRequest, QueryResult } from '../query/query-request.js';
import type { CompareRequest, CompareResult } from '../query/run-compare.js';
import type { ReceivedBatch } from './write-batch.js';

/**
 * How one batch of a commit fared. `in_parts`: some of its parts were stored before, and the others may come as they were
 * cut. `refused`: a limit of the store; sending again will not help.
 */
export type CommitOutcome =
  | { readonly state: 'stored' }
  | { readonly state: 'duplicate' }
  | { readonly state: 'in_parts' }
  | { readonly state: 'refused'; readonly reason: string };

export interface Store {
  /** How often what it holds has changed: an answer of before may be outdated. */
  readonly changes: number;
  /** Whether the batch was committed before, as far as that is cheap to know. */
  has(identity: BatchIdentity): Promise<boolean>;
  /**
   * Commits batches, each with its dedupe row in one transaction. When it returns, what was stored
   * survives a power cut.
   * @throws {StoreBusyError} when the disk is full or locked: nothing of what threw was kept, and
   *   the same batches may be sent again.
   */
  commit(batches: readonly ReceivedBatch[]): Promise<CommitOutcome[]>;
  services(): Promise<Service[]>;
  /** All that are known, or those heard of since then: for who asks again and again. */
  instances(service: string | undefined, sinceMs?: number): Promise<Instance[]>;
  metrics(request: MetricsRequest): Promise<MetricSummary[]>;
  /** @throws {StoreBusyError} when too many queries wait already. */
  query(request: QueryRequest): Promise<QueryResult | undefined>;
  /** Two periods of a metric, row by row. @throws {StoreBusyError} when too many queries wait already. */
  compare(request: CompareRequest): Promise<CompareResult | undefined>;
  /** The same of their accounts; with `sinceMs` what was received may be told of a part of their lives only. */
  ledger(service: string | undefined, sinceMs?: number): Promise<ProcessAccount[]>;
  events(request: EventsRequest): Promise<StoredEvent[]>;
  /** The events of a trace, by its id of 32 digits, in the order of their times. */
  trace(traceId: string): Promise<StoredEvent[]>;
  /** Rolls up and deletes what is past its retention. Calls do not overlap. */
  maintain(): Promise<void>;
  /** The oldest window that is still accepted. */
  oldestMs(): number;
  close(): Promise<void>;
}

export interface MetricsRequest {
  readonly service: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The store cannot do it now; it can later. */
export class StoreBusyError extends Error {
  override readonly name = 'StoreBusyError';
  /** When it is worth trying again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
