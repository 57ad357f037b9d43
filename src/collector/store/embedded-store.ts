/**
 * The store in one folder of SQLite files. Owned by the collector's main thread, which alone writes
 * raw files; rollup files are written by one rollup task at a time. docs/internals/store.md tells why
 * this keeps every promise over a crash at any moment.
 */
import type { BatchIdentity } from '../../transport/batch.js';
import { type ProcessRecord, processRecords } from '../query/accounts.js';
import { affordable } from '../query/coarser.js';
import { estimateRows } from '../query/estimate-rows.js';
import { type EventsRequest, findEvents, findTrace, type StoredEvent } from '../query/events.js';
import { accountOf, type ProcessAccount } from '../query/ledger.js';
import {
  type Instance,
  instanceOf,
  type MetricSummary,
  metricsOf,
  type Service,
  servicesOf,
} from '../query/listings.js';
import type { QueryRequest, QueryResult } from '../query/query-request.js';
import type { CompareRequest, CompareResult } from '../query/run-compare.js';
import { AnswerCache, type Asked } from './answer-cache.js';
import type { Retention } from './data-folder.js';
import type { CardinalityLimits } from './file-index.js';
import { FileSet } from './file-set.js';
import { maintainAll, type RunTask } from './maintenance.js';
import { RawFiles } from './raw-files.js';
import type { OpenSql } from './sql-driver.js';
import type { CommitOutcome, MetricsRequest, Store } from './store.js';
import { createTaskRunner, type TaskRunner } from './tasks.js';
import { heldIn, type ReceivedBatch } from './write-batch.js';

export interface EmbeddedStoreOptions {
  readonly folder: string;
  readonly openSql: OpenSql;
  /** Unix ms. */
  readonly now: () => number;
  readonly retention: Retention;
  readonly limits: CardinalityLimits;
  /** Runs heavy tasks on another thread; without it everything runs on this one. */
  readonly runElsewhere: RunTask | undefined;
}

/**
 * Queries of fewer rows run on this thread and hold it for 10 to 20 ms at most. The pool makes little
 * faster, it keeps ingest going meanwhile (docs/internals/store.md has the figures).
 */
const INLINE_ROWS_MAX = 500;

export class EmbeddedStore implements Store {
  readonly #options: EmbeddedStoreOptions;
  readonly #files: FileSet;
  readonly #raw: RawFiles;
  readonly #runHere: TaskRunner;
  readonly #runHeavy: RunTask;
  readonly #answers = new AnswerCache();
  #changes = 0;
  #maintenance: Promise<void> = Promise.resolve();
  readonly #remade = { lastMs: Number.NEGATIVE_INFINITY };

  /**
   * Opens the store, and makes the folder when there is none.
   *
   * @throws {Error} when another collector uses the folder, or a file in it cannot be opened.
   */
  constructor(options: EmbeddedStoreOptions) {
    const files = new FileSet(options.folder, options.openSql);
    const runHere = createTaskRunner(options.openSql);
    this.#options = options;
    this.#files = files;
    this.#runHere = runHere;
    this.#runHeavy = options.runElsewhere ?? (async (task) => runHere(task));
    this.#raw = new RawFiles({
      limits: options.limits,
      open: (key) => files.open(key),
      // Files of hours and days keep no identities; what is in the others is as old as may still come.
      heldElsewhere: (identity) =>
        files
          .readers()
          .filter(({ level }) => level === 'raw' || level === 'minute')
          .map(({ file }) => heldIn(file.sql, identity)),
    });
  }

  async has(identity: BatchIdentity): Promise<boolean> {
    return this.#raw.has(identity);
  }

  async commit(batches: readonly ReceivedBatch[]): Promise<CommitOutcome[]> {
    try {
      return this.#raw.commit(batches);
    } finally {
      this.#changed();
    }
  }

  get changes(): number {
    return this.#changes;
  }

  #changed(): void {
    this.#changes += 1;
    this.#answers.age();
  }

  #records(service: string | undefined, sinceMs?: number): ProcessRecord[] {
    return processRecords(this.#files.readers(), service, sinceMs);
  }

  async services(): Promise<Service[]> {
    return servicesOf(this.#records(undefined));
  }

  async instances(service: string | undefined, sinceMs?: number): Promise<Instance[]> {
    return this.#records(service, sinceMs).map(instanceOf);
  }

  async metrics(request: MetricsRequest): Promise<MetricSummary[]> {
    return metricsOf(this.#files.readers(), request);
  }

  async ledger(service: string | undefined, sinceMs?: number): Promise<ProcessAccount[]> {
    return this.#records(service, sinceMs).map(accountOf);
  }

  async events(request: EventsRequest): Promise<StoredEvent[]> {
    return findEvents(this.#files.readers(), request);
  }

  async trace(traceId: string): Promise<StoredEvent[]> {
    return findTrace(this.#files.readers(), traceId);
  }

  async query(request: QueryRequest): Promise<QueryResult | undefined> {
    return await this.#answers.get(request, () => this.#ask(request));
  }

  #ask(asked: QueryRequest): Asked {
    const { folder } = this.#options;
    const rows = estimateRows(this.#files.readers(), asked);
    const request = affordable(asked, rows);
    const task = { type: 'query', folder, files: this.#files.known(), request } as const;
    const run = async (): Promise<QueryResult | undefined> =>
      rows < INLINE_ROWS_MAX ? this.#runHere(task) : await this.#runHeavy(task);
    return { answer: run(), rows };
  }

  async compare(request: CompareRequest): Promise<CompareResult | undefined> {
    const { folder } = this.#options;
    return await this.#runHeavy({ type: 'compare', folder, files: this.#files.known(), request });
  }

  maintain(): Promise<void> {
    const { limits, retention, now } = this.#options;
    const parts = { files: this.#files, raw: this.#raw, run: this.#runHeavy };
    const pass = this.#maintenance
      .then(() => maintainAll({ ...parts, limits, retention, now, remade: this.#remade }))
      .finally(() => this.#changed());
    // The next pass is not stopped by the failure of this one, which its caller sees.
    this.#maintenance = pass.catch(() => {});
    return pass;
  }

  oldestMs(): number {
    return this.#options.now() - this.#options.retention.minute;
  }

  async close(): Promise<void> {
    await this.#maintenance;
    this.#raw.close();
    this.#files.close();
  }
}
