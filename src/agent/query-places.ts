/**
 * Where the application makes a query: one stack of a unit, taken while the agent's worker asks for that of a
 * statement (src/shared/ring-layout.ts, the last part), and never else. Which call of a unit it is the worker says:
 * the fifth of a loop is in the loop. Another unit may make the same statement, so the worker asks until it has what
 * it wants; a token bucket bounds the stacks. A pool may hand a query over in another turn, and what is awaited without
 * being a promise begins in one (Node.js before 26), where nobody of the application is on the stack: such a stack is
 * no answer, but who awaits may be known when the query has ended. One per application thread; hot path: until
 * something is wanted a query costs one comparison.
 */
import { nowMs } from './clock.js';
import { framesAbove } from './own-stack.js';
import type { Recorder } from './recorder.js';
import type { Suspects } from './suspects.js';
import type { StatementCalls, Unit } from './unit.js';

/** Of one unit. */
const PLACES_MAX = 4;
/** Stacks, of 20 to 50 µs each. */
const PER_SECOND = 10;
const AT_ONCE = 20;
/**
 * Calls of one statement in one unit that are looked at as they begin, as asked of a pool and as handed over: where those do not
 * show who makes them the others do not either, and would leave no stack for the end of the first.
 */
const TRIES_MAX = 2;
const FOREIGN = /[\\/]node_modules[\\/]|^node:/;

/** A query that was met and whose place was not to be seen. */
export interface LostQuery {
  readonly unit: Unit | undefined;
  readonly series: number;
}

function begin(calls: StatementCalls): number {
  calls.begun += 1;
  return calls.begun;
}

function ask(calls: StatementCalls): number {
  calls.asked = Math.max(calls.asked, calls.begun) + 1;
  return calls.asked;
}

export class QueryPlaces {
  readonly #recorder: Recorder;
  readonly #suspects: Suspects;
  #tokens = AT_ONCE;
  #refilledMs = 0;
  /** That are running. */
  #thens = 0;
  /** In the innermost of them; it keeps its unit. */
  #lost: LostQuery | undefined;

  /** `suspects` is told of queries that no unit makes. */
  constructor(recorder: Recorder, suspects: Suspects) {
    this.#recorder = recorder;
    this.#suspects = suspects;
  }

  get isAnyWanted(): boolean {
    return this.#recorder.isAnyWanted;
  }

  /** A query of `series` is made now. True when its place is wanted and not to be seen. */
  meet(unit: Unit | undefined, series: number): boolean {
    return this.#isLost(unit, series, begin);
  }

  /** The same of one that is asked of a pool, and is met again when that hands it over: it is one call. */
  meetAsked(unit: Unit | undefined, series: number): boolean {
    return this.#isLost(unit, series, ask);
  }

  /** One whose place was not to be seen has ended, in a turn for which somebody waits. */
  meetLate(unit: Unit | undefined, series: number): void {
    this.#take(unit, series);
  }

  /** A `then` runs, which may make a query that can be seen in a turn to come; `endThen` follows in this one. */
  beginThen(): void {
    this.#thens += 1;
    this.#lost = undefined;
  }

  /** The last query since it began that was not to be seen. */
  endThen(): LostQuery | undefined {
    const lost = this.#lost;
    this.#thens -= 1;
    this.#lost = undefined;
    return lost;
  }

  #isLost(
    unit: Unit | undefined,
    series: number,
    count: (calls: StatementCalls) => number,
  ): boolean {
    const wanted = this.#recorder.wanted(series);
    if (wanted === 0 || unit?.isDone) return false;
    const calls = unit && callsOf(unit, series);
    if (calls !== undefined && (count(calls) < wanted || calls.tries >= TRIES_MAX)) return false;
    if (this.#take(unit, series)) return false;
    if (calls !== undefined) calls.tries += 1;
    if (this.#thens > 0) this.#lost = { unit, series };
    return true;
  }

  /** False when nobody of the application was there. */
  #take(unit: Unit | undefined, series: number): boolean {
    if (unit !== undefined && !isOpen(unit, series)) return true;
    if (!this.#takeToken()) return true;
    const frames = framesAbove(this.#take);
    if (!frames.some(([, file]) => file !== '' && !FOREIGN.test(file))) return false;
    if (unit === undefined) this.#suspects.tellPlace({ series, frames });
    else unit.places = [...(unit.places ?? []), { series, frames }];
    return true;
  }

  #takeToken(): boolean {
    const atMs = nowMs();
    const gained = ((atMs - this.#refilledMs) / 1000) * PER_SECOND;
    this.#tokens = Math.min(AT_ONCE, this.#tokens + gained);
    this.#refilledMs = atMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** Of a series that is wanted, in a unit that goes on. */
function callsOf(unit: Unit, series: number): StatementCalls {
  unit.calls ??= new Map();
  let calls = unit.calls.get(series);
  if (calls === undefined) {
    calls = { asked: 0, begun: 0, tries: 0 };
    unit.calls.set(series, calls);
  }
  return calls;
}

/** It can still be told where it makes that query. */
function isOpen({ places = [], isDone }: Unit, series: number): boolean {
  if (isDone || places.length >= PLACES_MAX) return false;
  return !places.some((place) => place.series === series);
}
