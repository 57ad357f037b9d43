/** What became of requests in a window that moves forward, as running sums by service. Pure; bounded by its minutes. */
import type { Tally } from '../views/tallies.js';
import { SlidingWindow } from './sliding-window.js';

export interface TalliedMinute {
  /** End of the minute. */
  readonly timeMs: number;
  readonly ofServices: ReadonlyMap<string, Tally>;
}

interface Sum extends Tally {
  /** In which there was anything of the service: without any it is not named. */
  minutes: number;
}

export class TallyWindow {
  readonly #window: SlidingWindow<TalliedMinute>;
  readonly #sums = new Map<string, Sum>();

  /** @param minutes ascending */
  constructor(minutes: readonly TalliedMinute[], widthMs: number) {
    this.#window = new SlidingWindow(minutes, widthMs);
  }

  /** The sums up to then, which hold until the next move. They are whole numbers, so nothing is left of what left. */
  moveTo(toMs: number): ReadonlyMap<string, Tally> {
    const { entered, left } = this.#window.moveTo(toMs);
    for (const minute of entered) this.#count(minute, 1);
    for (const minute of left) this.#count(minute, -1);
    return this.#sums;
  }

  #count({ ofServices }: TalliedMinute, sign: 1 | -1): void {
    for (const [key, { calls, errors, aborted }] of ofServices) {
      const sum = this.#sums.get(key) ?? { calls: 0, errors: 0, aborted: 0, minutes: 0 };
      sum.calls += sign * calls;
      sum.errors += sign * errors;
      sum.aborted += sign * aborted;
      sum.minutes += sign;
      if (sum.minutes === 0) this.#sums.delete(key);
      else this.#sums.set(key, sum);
    }
  }
}
