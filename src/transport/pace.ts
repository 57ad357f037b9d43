/**
 * When a destination may be tried again. After a failure it waits out the backoff; the attempt after
 * that is a probe, and what fails again waits longer.
 */
import { backoffDelayMs } from './backoff.js';
import type { Cancel, Clock } from './clock.js';

export class Pace {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #lastError = '';
  #lastSuccessMs: number | undefined;
  #wait: { readonly untilMs: number; readonly cancel: Cancel } | undefined;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Unix ms of the next attempt; undefined when nothing stands in the way of one now. */
  get waitsUntilMs(): number | undefined {
    return this.#wait?.untilMs;
  }

  /** What went wrong last; it stays when all is well again. */
  get lastError(): string {
    return this.#lastError;
  }

  /** When the destination last settled a batch. */
  get lastSuccessMs(): number | undefined {
    return this.#lastSuccessMs;
  }

  /** @param complaint why it refused parts of the batch; empty when it did not */
  succeed(complaint: string): void {
    this.#failures = 0;
    this.#lastSuccessMs = this.#clock.nowMs();
    if (complaint !== '') this.#lastError = complaint;
  }

  /** @param floorMs what the destination asked for at least */
  fail(error: string, floorMs: number, retry: () => void): void {
    this.#failures++;
    this.#lastError = error;
    const delayMs = backoffDelayMs(this.#failures, floorMs, this.#random);
    this.skip();
    const cancel = this.#clock.after(delayMs, () => {
      this.#wait = undefined;
      retry();
    });
    this.#wait = { untilMs: this.#clock.nowMs() + delayMs, cancel };
  }

  /** Waits no longer. */
  skip(): void {
    this.#wait?.cancel();
    this.#wait = undefined;
  }
}
