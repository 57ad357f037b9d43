/**
 * Where the application makes a query: one stack, taken when the agent's worker has asked for that of a
 * statement (src/shared/ring-layout.ts, the last part), and never else. Which call of a unit it is the worker says:
 * the fifth of a loop is in the loop. A pool may hand a query over in another turn, where nobody of the
 * application is on the stack; such a stack is not taken for an answer. One per application thread; hot path:
 * until something is wanted a query costs one comparison.
 */
import { framesAbove } from './own-stack.js';
import type { Recorder } from './recorder.js';
import type { Suspects } from './suspects.js';
import type { Unit } from './unit.js';

/** Of one unit. */
const PLACES_MAX = 4;
/** Stacks in a row without the application: then the statement is let go. */
const TRIES_MAX = 20;
const FOREIGN = /[\\/]node_modules[\\/]|^node:/;

export class QueryPlaces {
  readonly #recorder: Recorder;
  readonly #suspects: Suspects;
  /** Calls of wanted series in units that go on. */
  readonly #calls = new WeakMap<Unit, Map<number, number>>();
  #tries = 0;

  /** `suspects` is told of queries that no unit makes. */
  constructor(recorder: Recorder, suspects: Suspects) {
    this.#recorder = recorder;
    this.#suspects = suspects;
  }

  get isAnyWanted(): boolean {
    return this.#recorder.isAnyWanted;
  }

  /** A query of `series` is made now. */
  meet(unit: Unit | undefined, series: number): void {
    const wanted = this.#recorder.wanted(series);
    if (wanted === 0 || (unit !== undefined && this.#count(unit, series) < wanted)) return;
    const frames = framesAbove(this.meet);
    this.#tries += 1;
    const isOfApplication = frames.some(([, file]) => file !== '' && !FOREIGN.test(file));
    if (!isOfApplication && this.#tries < TRIES_MAX) return;
    this.#tries = 0;
    this.#recorder.told(series);
    if (!isOfApplication) return;
    if (unit === undefined) {
      this.#suspects.tellPlace({ series, frames });
      return;
    }
    unit.places ??= [];
    if (unit.places.length < PLACES_MAX) unit.places.push({ series, frames });
  }

  #count(unit: Unit, series: number): number {
    let calls = this.#calls.get(unit);
    if (calls === undefined) {
      calls = new Map();
      this.#calls.set(unit, calls);
    }
    const count = (calls.get(series) ?? 0) + 1;
    calls.set(series, count);
    return count;
  }
}
