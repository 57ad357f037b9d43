/**
 * One destination: takes each batch of the worker, keeps it until it is delivered, and keeps the loss
 * account. Runs in the agent's worker; nothing in it keeps the process alive.
 *
 * Spool first: a batch is on disk before it is sent, so that the end of the process loses nothing.
 * One request is in flight at a time; the newest batch goes first, then the backlog, the oldest
 * first. After a failure nothing is sent until the backoff has passed; then one batch is the probe.
 */
import { Backlog } from './backlog.js';
import { type BatchDraft, parcelOf } from './batch-draft.js';
import type { Cancel, Clock } from './clock.js';
import { deliver, type Retry } from './deliver.js';
import { LaneAccount } from './lane-account.js';
import type { LaneState } from './lane-state.js';
import { Pace } from './pace.js';
import type { Parcel, Sender } from './sender.js';
import type { Spool } from './spool.js';
import type { OnTrouble } from './trouble.js';
import type { LossReason, Waiting } from './waiting.js';

const SEND_TIMEOUT_MS = 15_000;
const TIDY_INTERVAL_MS = 30_000;
/** A collector that restarts fails once or twice; the user need not hear of it. */
const QUIET_FAILURES = 2;

export interface LaneOptions {
  /** For people, without credentials. */
  readonly label: string;
  /** Boot id of this process. */
  readonly boot: string;
  readonly sender: Sender;
  /** None: batches wait in memory only. */
  readonly spool: Spool | undefined;
  /** The lane's words of the control block. */
  readonly account: Float64Array;
  readonly clock: Clock;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
  readonly onTrouble: OnTrouble;
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #account: LaneAccount;
  readonly #pace: Pace;
  readonly #backlog: Backlog;
  readonly #adopted = { taken: 0, delivered: 0, lost: 0 };
  #recovered = { records: 0, sequence: 0 };
  /** The newest batch, until it was tried or a newer one comes. */
  #live: { readonly waiting: Waiting; readonly parcel: Parcel } | undefined;
  #flight: Promise<void> | undefined;
  #sendTimeoutMs = SEND_TIMEOUT_MS;
  /** What a process that ends would lose goes first. */
  #isEnding = false;
  #cancelTidy: Cancel = () => undefined;
  #isClosed = false;
  /** True once the account of a crashed predecessor is taken over. */
  #isSettled = false;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#account = new LaneAccount(options.account);
    this.#pace = new Pace(options.clock, options.random);
    this.#backlog = new Backlog({
      spool: options.spool,
      nowMs: () => options.clock.nowMs(),
      onTrouble: options.onTrouble,
      onLost: (waiting, reason) => this.#lose(waiting, reason),
      onAdopted: (waiting, wasCheckpoint) => this.#adopt(waiting, wasCheckpoint),
      onMoved: (from, to) => {
        if (this.#live?.waiting === from) this.#live = { waiting: to, parcel: this.#live.parcel };
      },
    });
    this.#scheduleTidy();
    this.#pump();
  }

  /**
   * The checkpoint of a crashed worker of this process, which is a batch now: its records are not
   * lost, and its sequence number is taken. Zeros when there was none.
   */
  get recovered(): Readonly<{ records: number; sequence: number }> {
    return this.#recovered;
  }

  /**
   * For a worker that follows a crashed one, before anything else: what of the `offered` records of
   * all its predecessors' batches is in no account and nowhere to be found died with them.
   */
  settle(offered: number): void {
    this.#account.inherit(offered, this.#pendingRecords());
    this.#isSettled = true;
  }

  /** Takes a finished batch. */
  offer(draft: BatchDraft): void {
    const parcel = this.#pack(draft);
    if (parcel === undefined) {
      this.#account.countDropped('corrupt', draft.records);
      return;
    }
    this.#live = { waiting: this.#backlog.add(parcel), parcel };
    this.#pump();
  }

  /** Saves the open window under the identity that its finished batch will have. */
  checkpoint(draft: BatchDraft): void {
    const parcel = this.#pack(draft);
    if (parcel !== undefined) this.#backlog.checkpoint(parcel);
  }

  /**
   * For the end of the process: delivers what is new, within `withinMs`. Returns at once when the
   * destination is failing and all batches are on disk.
   */
  async flush(withinMs: number): Promise<void> {
    const { clock } = this.#options;
    let cancel: Cancel = () => undefined;
    const deadline = new Promise<void>((resolve) => {
      cancel = clock.after(withinMs, resolve);
    });
    this.#sendTimeoutMs = Math.max(1, Math.min(withinMs, SEND_TIMEOUT_MS));
    this.#isEnding = true;
    // Spool first, now too: the main thread may stop waiting before an answer comes.
    this.#backlog.wake();
    if (this.#backlog.hasVolatile) this.#backlog.tidy();
    const cancelHangUp = this.#hangUpAfter(withinMs / 2);
    await Promise.race([this.#deliverUrgent(), deadline]);
    cancelHangUp();
    cancel();
    this.#isEnding = false;
    this.#sendTimeoutMs = SEND_TIMEOUT_MS;
  }

  /** Sends nothing more and gives back what is held; batches stay in the spool. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTidy();
    this.#pace.skip();
    await this.#options.sender.close();
    await this.#flight;
    this.#backlog.wake();
    this.#backlog.tidy();
    this.#backlog.close();
  }

  /** Records that this destination will not get, by reason. */
  get dropped(): Readonly<Record<string, number>> {
    return this.#account.dropped;
  }

  state(): LaneState {
    const waiting = [...this.#backlog.all()];
    return {
      label: this.#options.label,
      delivered: this.#account.delivered,
      dropped: this.#account.dropped,
      pending: {
        records: this.#pendingRecords(),
        batches: waiting.length,
        bytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      adopted: { ...this.#adopted },
      spoolBytes: this.#backlog.spoolBytes,
      memoryBytes: this.#backlog.memoryBytes,
      sending: this.#flight !== undefined,
      failures: this.#pace.failures,
      lastError: this.#pace.lastError,
      lastDeliveredMs: this.#pace.lastSuccessMs,
      nextAttemptMs: this.#pace.waitsUntilMs,
    };
  }

  /** The whole batch with this destination's ledger; undefined when it cannot be encoded. */
  #pack(draft: BatchDraft): Parcel | undefined {
    try {
      return parcelOf(draft, this.#account, this.#pendingRecords());
    } catch (error) {
      const detail = `batch ${draft.identity.sequence} cannot be encoded: ${(error as Error).message}`;
      this.#options.onTrouble('TACHO_BATCH_INVALID', detail);
      return undefined;
    }
  }

  #pendingRecords(): number {
    let records = 0;
    for (const waiting of this.#backlog.all()) {
      if (waiting.boot === this.#options.boot) records += waiting.records;
    }
    return records;
  }

  /** Sends the next batch unless one is on its way or the pace says to wait. */
  #pump(): void {
    const isWaiting = this.#pace.waitsUntilMs !== undefined;
    if (this.#isClosed || this.#flight !== undefined || isWaiting) return;
    const next = this.#pick();
    if (next === undefined) return;
    next.waiting.sending = true;
    this.#flight = this.#send(next.waiting, next.parcel).then(() => {
      this.#flight = undefined;
      this.#pump();
    });
  }

  #pick(): { waiting: Waiting; parcel: Parcel } | undefined {
    if (this.#live !== undefined) return this.#live;
    for (;;) {
      const volatile = this.#isEnding ? this.#backlog.nextVolatile() : undefined;
      const waiting = volatile ?? this.#backlog.next();
      if (waiting === undefined) return undefined;
      const parcel = this.#backlog.take(waiting);
      if (parcel !== undefined) return { waiting, parcel };
      // It is no longer the next: damaged files leave the backlog, a disk that fails is left alone.
    }
  }

  async #send(waiting: Waiting, parcel: Parcel): Promise<void> {
    const { sender, boot, onTrouble } = this.#options;
    const result = await deliver(parcel, sender, this.#sendTimeoutMs);
    if (this.#live?.waiting === waiting) this.#live = undefined;
    if (result.kind === 'retry') {
      waiting.sending = false;
      this.#fail(result);
      return;
    }
    const { accepted, refused, reason } = result;
    this.#pace.succeed(reason);
    this.#backlog.finish(waiting, reason === '' ? 'remove' : 'refused');
    if (waiting.boot === boot) {
      this.#account.countDelivered(accepted);
      this.#account.countDropped('refused', refused);
    } else {
      this.#adopted.delivered += accepted;
      this.#adopted.lost += refused;
    }
    if (reason !== '') onTrouble('TACHO_COLLECTOR_REFUSED', reason);
  }

  #fail({ reason, code, afterMs, needsMending }: Retry): void {
    if (this.#isClosed) return;
    this.#pace.fail(reason, afterMs ?? 0, () => this.#pump());
    if (needsMending || this.#pace.failures > QUIET_FAILURES) this.#options.onTrouble(code, reason);
  }

  /** A request that began before the end may hang: what only memory holds then gets another connection. */
  #hangUpAfter(delayMs: number): Cancel {
    const flight = this.#flight;
    if (flight === undefined) return () => undefined;
    return this.#options.clock.after(delayMs, () => {
      const isStill = this.#flight === flight;
      if (isStill && this.#backlog.hasVolatile) this.#options.sender.hangUp?.();
    });
  }

  async #deliverUrgent(): Promise<void> {
    let probed = false;
    while (this.#live !== undefined || this.#backlog.hasVolatile) {
      if (this.#pace.failures > 0) {
        if (!this.#backlog.hasVolatile) return;
        // What is under way began before: its failure is that of no attempt of ours.
        if (this.#flight === undefined) {
          if (probed) return;
          probed = true;
          this.#pace.skip();
        }
      }
      this.#pump();
      if (this.#flight === undefined) return;
      await this.#flight;
    }
  }

  #lose(waiting: Waiting, reason: LossReason): void {
    if (this.#live?.waiting === waiting) this.#live = undefined;
    if (waiting.boot === this.#options.boot) this.#account.countDropped(reason, waiting.records);
    else this.#adopted.lost += waiting.records;
  }

  #adopt(waiting: Waiting, wasCheckpoint: boolean): void {
    if (waiting.boot !== this.#options.boot) {
      this.#adopted.taken += waiting.records;
    } else if (wasCheckpoint) {
      this.#recovered = { records: waiting.records, sequence: waiting.sequence };
    } else if (this.#isSettled) {
      // The disk could not be read when the account was taken over: they were not lost after all.
      this.#account.uncountCrash(waiting.records);
    }
  }

  #scheduleTidy(): void {
    this.#cancelTidy = this.#options.clock.after(TIDY_INTERVAL_MS, () => {
      this.#backlog.tidy();
      this.#scheduleTidy();
      this.#pump();
    });
  }
}
