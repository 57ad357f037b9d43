/**
 * What beacons of one service have in common with an agent: batches with an identity of their own, one a
 * window, and a ledger that adds up. Owned by the collector's main thread. Batches that the store cannot
 * take now wait, WAITING_MAX at most; a batch is given up only with its records counted as dropped.
 *
 * A record is a value of a view that was taken, or a beacon that was refused.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { SOURCE_ATTRIBUTE, SOURCE_BEACON } from '../../shared/beacon-source.js';
import type { Attributes, Batch, BatchEvent, Ledger } from '../../transport/batch.js';
import type { Commit } from '../ingest/group-commit.js';
import { StoreBusyError } from '../store/store.js';
import type { BeaconPoints } from './beacon-points.js';

const WAITING_MAX = 6;

export type DropReason = 'too_many' | 'memory_full' | 'refused';

export interface Window {
  readonly startMs: number;
  readonly durationMs: number;
}

export class BeaconProcess {
  readonly #boot = randomUUID();
  readonly #service: string;
  readonly #commit: Commit;
  readonly #now: () => number;
  readonly #dropped = new Map<DropReason, number>();
  #sequence = 0;
  #recorded = 0;
  #delivered = 0;
  #waiting: Batch[] = [];

  constructor(service: string, commit: Commit, now: () => number) {
    this.#service = service;
    this.#commit = commit;
    this.#now = now;
  }

  /** Counts records that no batch will hold. */
  drop(reason: DropReason, records: number): void {
    this.#recorded += records;
    this.#lose(reason, records);
  }

  /** Makes a batch of a window, which waits for `send`. */
  add(window: Window, points: BeaconPoints, events: readonly BatchEvent[]): void {
    if (points.omitted > 0) this.drop('memory_full', points.omitted);
    this.#recorded += points.records;
    if (this.#waiting.length >= WAITING_MAX) {
      this.#lose('memory_full', this.#waiting.shift()!.records);
    }
    this.#sequence += 1;
    this.#waiting.push({
      identity: { agent: `beacon:${hostname()}`, boot: this.#boot, sequence: this.#sequence },
      resource: this.#resource(),
      ...window,
      closedMs: Math.max(this.#now(), window.startMs),
      records: points.records,
      histograms: points.histograms(),
      counters: points.counters(),
      gauges: [],
      events,
      ledger: this.#ledger(points.records),
    });
  }

  /** Commits what waits, the oldest first, until the store is busy. */
  async send(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting[0]!;
      try {
        const outcome = await this.#commit({ batch, receivedMs: this.#now(), skewMs: 0 });
        if (outcome.state === 'refused') this.#lose('refused', batch.records);
        else this.#delivered += batch.records;
      } catch (error) {
        if (error instanceof StoreBusyError) return;
        this.#lose('refused', batch.records);
        this.#waiting.shift();
        throw error;
      }
      this.#waiting.shift();
    }
  }

  #lose(reason: DropReason, records: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + records);
  }

  #ledger(ownRecords: number): Ledger {
    const waiting = this.#waiting.reduce((sum, { records }) => sum + records, 0);
    return {
      recorded: this.#recorded,
      delivered: this.#delivered,
      pending: waiting + ownRecords,
      dropped: Object.fromEntries(this.#dropped),
    };
  }

  #resource(): Attributes {
    return [
      ['host.name', hostname()],
      ['service.instance.id', this.#boot],
      ['service.name', this.#service],
      [SOURCE_ATTRIBUTE, SOURCE_BEACON],
      ['telemetry.sdk.language', 'webjs'],
      ['telemetry.sdk.name', 'tachograph'],
    ];
  }
}
