/**
 * Connections that were taken from a pool and are not given back: out for LEAK_MS, and for as long no query ran
 * on them. Looked at with each sampling of the pools. The first of a pool is told without a place, for nothing is
 * paid until it is wanted; from then on it is noted who takes one, for ten a second at most (a stack takes 15 to
 * 100 µs). One per
 * application thread; what is kept is on the connections themselves, one small object each.
 */
import type { ConnectionLeak, StackFrame } from '../../shared/worker-protocol.js';
import { nowMs, wallTimeMs } from '../clock.js';
import { framesAbove } from '../own-stack.js';
import type { Unit } from '../unit.js';

const LEAK_MS = 30_000;
const PLACES_PER_SECOND = 10;
const PLACES_AT_ONCE = 20;
const NO_FRAMES: readonly StackFrame[] = [];

interface Taken {
  sinceMs: number;
  /** When a query last began or ended on it. */
  usedMs: number;
  /** Queries that run on it. */
  open: number;
  unit: Unit | undefined;
  frames: readonly StackFrame[];
  isTold: boolean;
}

/** On a connection. Not to be seen by whoever prints one. */
const TAKEN = Symbol('tachograph.taken');

interface Connection {
  [TAKEN]?: Taken;
}

export class LeakWatch {
  readonly #tell: (leak: ConnectionLeak) => void;
  readonly #now: () => number;
  readonly #leaky = new WeakSet<object>();
  #tokens = PLACES_AT_ONCE;
  #refilledMs = 0;

  constructor(tell: (leak: ConnectionLeak) => void, now: () => number = nowMs) {
    this.#tell = tell;
    this.#now = now;
  }

  /** Who asks `pool` for a connection now, where that is wanted: when it comes nobody may be on the stack. */
  placeOf(pool: object): readonly StackFrame[] {
    const isWanted = this.#leaky.has(pool) && this.#takeToken(this.#now());
    return isWanted ? framesAbove(this.placeOf) : NO_FRAMES;
  }

  /** A pool has given a connection to `unit`, which asked for it at `frames`. */
  taken(
    connection: unknown,
    unit: Unit | undefined,
    frames: readonly StackFrame[] = NO_FRAMES,
  ): void {
    if (typeof connection !== 'object' || connection === null) return;
    const atMs = this.#now();
    const known = (connection as Connection)[TAKEN];
    if (known === undefined) {
      const taken = { sinceMs: atMs, usedMs: atMs, open: 0, unit, frames, isTold: false };
      Object.defineProperty(connection, TAKEN, { value: taken });
      return;
    }
    known.sinceMs = atMs;
    known.usedMs = atMs;
    known.open = 0;
    known.unit = unit;
    known.frames = frames;
    known.isTold = false;
  }

  /** Looks at all connections of a pool, called `name`; `idle` are those that nobody has. */
  look(pool: object, name: string, all: Iterable<object>, idle: ReadonlySet<object>): void {
    const atMs = this.#now();
    for (const connection of all) {
      const taken = (connection as Connection)[TAKEN];
      if (taken === undefined) continue;
      if (idle.has(connection)) {
        // What is at rest keeps no request.
        taken.unit = undefined;
        taken.isTold = true;
      } else if (!taken.isTold && taken.open === 0 && atMs - taken.usedMs >= LEAK_MS) {
        taken.isTold = true;
        this.#leaky.add(pool);
        const { sinceMs, unit, frames } = taken;
        this.#tell({ pool: name, takenMs: wallTimeMs(sinceMs), series: unit?.series, frames });
      }
    }
  }

  #takeToken(atMs: number): boolean {
    const gained = ((atMs - this.#refilledMs) / 1000) * PLACES_PER_SECOND;
    this.#tokens = Math.min(PLACES_AT_ONCE, this.#tokens + gained);
    this.#refilledMs = atMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** A query is handed to `connection`. Hot path. */
export function queryBegan(connection: object, atMs: number): void {
  const taken = (connection as Connection)[TAKEN];
  if (taken === undefined) return;
  taken.usedMs = atMs;
  taken.open += 1;
}

/** One that was handed to `connection` has ended. Hot path. */
export function queryEnded(connection: object, atMs: number): void {
  const taken = (connection as Connection)[TAKEN];
  // One that began before the connection was taken is not among those.
  if (taken === undefined || taken.open === 0) return;
  taken.usedMs = atMs;
  taken.open -= 1;
}
