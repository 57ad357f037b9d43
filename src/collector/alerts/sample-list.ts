/** Samples while they are collected, counted as they come, so that too many are never built. */
import type { Sample } from '../../alerts/sample.js';

/** About 200 bytes each. */
const SAMPLES_MAX = 1_000_000;

/** A shorter range has fewer. */
export class TooManySamplesError extends RangeError {
  override readonly name = 'TooManySamplesError';
  readonly countMax: number;

  constructor(countMax: number) {
    super(`more than ${countMax} samples`);
    this.countMax = countMax;
  }
}

export class SampleList {
  readonly #samples: Sample[] = [];
  readonly #countMax: number;

  constructor(countMax: number = SAMPLES_MAX) {
    this.#countMax = countMax;
  }

  get all(): readonly Sample[] {
    return this.#samples;
  }

  /** @throws {TooManySamplesError} when there is too much to hold. */
  add(samples: readonly Sample[]): void {
    if (this.#samples.length + samples.length > this.#countMax) {
      throw new TooManySamplesError(this.#countMax);
    }
    // Not spread: an argument each is more than the stack has room for.
    for (const sample of samples) this.#samples.push(sample);
  }
}
