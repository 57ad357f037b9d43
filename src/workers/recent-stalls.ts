/**
 * The blocks of the main thread of late, so that a trace that is kept can be told which of them fell into
 * its time: it may end windows after them. Bounded: RECENT_MAX. Runs in the agent's worker.
 */
import type { StallSite, TraceStall } from '../transport/trace-stalls.js';
import type { Capture } from './capture-stack.js';

/**
 * The newest: of 100 ms at the least each, at the default threshold, so all of 10 s and more. A minute that
 * is nothing but blocks has up to 600, and a trace of all of it is told of its last ones.
 */
const RECENT_MAX = 100;

/** As the log of stalls has it, which goes on writing to it. */
export interface RecentStall {
  readonly beat: number;
  /** By the process's clock. */
  readonly startedMs: number;
  /** Undefined while it goes on. */
  readonly durationMs: number | undefined;
  /** Undefined while the answer is awaited. */
  readonly capture: Capture | undefined;
}

/** By the process's clock: what of the blocks lies within these times. */
export type StallsWithin = (fromMs: number, toMs: number) => readonly TraceStall[];

export class RecentStalls {
  readonly #nowMs: () => number;
  #stalls: RecentStall[] = [];

  /** @param nowMs the process's clock */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  add(stall: RecentStall): void {
    this.#stalls.push(stall);
    if (this.#stalls.length > RECENT_MAX) this.#stalls.shift();
  }

  /** What looked like a block was none that is known. */
  drop(stall: RecentStall): void {
    this.#stalls = this.#stalls.filter((other) => other !== stall);
  }

  readonly within: StallsWithin = (fromMs, toMs) => {
    const nowMs = this.#nowMs();
    return this.#stalls.flatMap(({ startedMs, durationMs, capture }): TraceStall[] => {
      // While an inspector is open, it may be a breakpoint.
      if (capture?.state === 'inspected') return [];
      const beganMs = Math.max(fromMs, startedMs);
      const endedMs = Math.min(toMs, durationMs === undefined ? nowMs : startedMs + durationMs);
      const durationUs = Math.round((endedMs - beganMs) * 1000);
      if (durationUs <= 0) return [];
      const startUs = Math.round((beganMs - fromMs) * 1000);
      return [{ startUs, durationUs, place: siteOf(capture) }];
    });
  };
}

function siteOf(capture: Capture | undefined): StallSite | undefined {
  if (capture?.state !== 'caught') return undefined;
  const { function: name, file, line } = capture.place;
  return { function: name, file, line, isApproximate: capture.isApproximate };
}
