/**
 * Sends what waits in the journal: one message a notifier at a time, all notifiers at once. What is refused for
 * now is tried again after what the receiver asks for, or after a backoff with jitter; the whole notifier
 * waits, for it is the receiver that is in trouble. What is refused for good, and what could not be told for
 * a day, has failed. Runs in the collector or in the agent's worker. Bounded by ROWS_MAX a notifier and pass.
 */
import type { AlertJournal, OutboxRow, Settled } from './journal.js';
import type { Notifier, SendOutcome } from './notify/notifier.js';

const ROWS_MAX = 50;
const BACKOFF_BASE_MS = 2000;
const BACKOFF_MAX_MS = 5 * 60_000;
const AGE_MS_MAX = 86_400_000;

export interface OutboxParts {
  readonly journal: AlertJournal;
  readonly notifiers: readonly Notifier[];
  readonly nowMs: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** What people should know of a message that cannot be told. */
  readonly log: (line: string) => void;
}

export class Outbox {
  readonly #parts: OutboxParts;
  /** By notifier: not before. */
  readonly #restsUntilMs = new Map<string, number>();
  /** Of notifiers that are being told. */
  readonly #passes = new Map<string, Promise<void>>();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** One pass over what is due, of each notifier its own; one that is under way is waited for. */
  async deliver(): Promise<void> {
    const { journal, notifiers, nowMs } = this.#parts;
    const byName = new Map(notifiers.map((notifier) => [notifier.name, notifier]));
    const queues = new Map<string, OutboxRow[]>();
    for (const row of journal.due(nowMs(), ROWS_MAX)) {
      const { notifier, key } = row.notification;
      if (!byName.has(notifier)) {
        journal.settle(key, { state: 'failed', reason: 'no such notifier any more' }, nowMs());
        continue;
      }
      const queue = queues.get(notifier);
      if (queue === undefined) queues.set(notifier, [row]);
      else queue.push(row);
    }
    for (const [name, queue] of queues) {
      if (this.#passes.has(name)) continue;
      const pass = this.#deliverQueue(byName.get(name)!, queue);
      this.#passes.set(
        name,
        pass.finally(() => this.#passes.delete(name)),
      );
    }
    await Promise.all(this.#passes.values());
  }

  /** When a pass could find something to send; undefined when nothing waits. */
  nextMs(): number | undefined {
    const times = [...this.#parts.journal.nextDueMs()].map(([name, dueMs]) =>
      Math.max(dueMs, this.#restsUntilMs.get(name) ?? 0),
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async #deliverQueue(notifier: Notifier, rows: readonly OutboxRow[]): Promise<void> {
    const { journal, nowMs } = this.#parts;
    for (const row of rows) {
      if (nowMs() < (this.#restsUntilMs.get(notifier.name) ?? 0)) return;
      const outcome = await this.#send(notifier, row);
      const settled = this.#settledBy(outcome, notifier, row);
      journal.settle(row.notification.key, settled, nowMs());
      if (settled.state === 'waiting') return;
    }
  }

  async #send(notifier: Notifier, { notification }: OutboxRow): Promise<SendOutcome> {
    try {
      return await notifier.send(notification);
    } catch (error) {
      return { state: 'retry', reason: (error as Error).message, retryAfterMs: undefined };
    }
  }

  #settledBy(outcome: SendOutcome, notifier: Notifier, row: OutboxRow): Settled {
    const { nowMs, log } = this.#parts;
    if (outcome.state === 'delivered') return outcome;
    const { reason } = outcome;
    const isOld = nowMs() - row.notification.atMs > AGE_MS_MAX;
    if (outcome.state === 'refused' || isOld) {
      const why = isOld ? `${reason}, for a day` : reason;
      log(`alerts: ${notifier.label} was not told (${why}); the message is given up.`);
      return { state: 'failed', reason: why };
    }
    const delayMs = this.#delayMs(row.attempts + 1, outcome.retryAfterMs ?? 0);
    const nextMs = nowMs() + delayMs;
    this.#restsUntilMs.set(notifier.name, nextMs);
    // Said once a message: it is tried for a day.
    if (row.attempts === 0) log(`alerts: ${notifier.label} cannot be told now (${reason}).`);
    return { state: 'waiting', nextMs };
  }

  /** Jitter on top of what the receiver asked for, so that not all come at that time. */
  #delayMs(failures: number, floorMs: number): number {
    const capMs = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures - 1, 20));
    const spreadMs = Math.max(capMs / 2, floorMs / 10);
    return Math.floor(Math.max(floorMs, capMs / 2) + this.#parts.random() * spreadMs);
  }
}
