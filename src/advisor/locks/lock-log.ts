/**
 * The waits that looks have shown, each once however often it was seen, and folded by who waits for whom. A wait
 * counts as long as it was when it was seen last, so sums are what was lost at the least. Bounded by WAITS_MAX: the
 * oldest go, and are counted. Owned by one watch; the clock is injected.
 */
import type { BlockerState, LockSample, LockWait } from './lock-wait.js';

const WAITS_MAX = 1000;

/** All waits of one statement for another. */
export interface LockPair extends Pick<LockWait, 'kind' | 'system' | 'blocked' | 'blocker'> {
  readonly blockerState: BlockerState;
  readonly waits: number;
  readonly waitedS: number;
  /** Of the longest. */
  readonly longestS: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

interface Noted {
  readonly wait: LockWait;
  readonly firstMs: number;
  readonly lastMs: number;
}

export class LockLog {
  readonly #noted = new Map<string, Noted>();
  #omittedMax = 0;
  #dropped = 0;

  /** Waits that made room for others, and as many as at most were too many in one look: the next may have the same. */
  get omitted(): number {
    return this.#omittedMax + this.#dropped;
  }

  add({ waits, omitted }: LockSample, nowMs: number): void {
    this.#omittedMax = Math.max(this.#omittedMax, omitted);
    for (const wait of waits) {
      const known = this.#noted.get(wait.key);
      // It was a deadlock, even if a side has gone since.
      const kind = known?.wait.kind === 'deadlock' ? 'deadlock' : wait.kind;
      if (known === undefined && this.#noted.size >= WAITS_MAX) this.#dropOldest();
      const firstMs = known?.firstMs ?? nowMs;
      this.#noted.set(wait.key, { wait: { ...wait, kind }, firstMs, lastMs: nowMs });
    }
  }

  /** Those that went on in the range, the costliest first. */
  pairs(fromMs: number, toMs: number): LockPair[] {
    const pairs = new Map<string, LockPair>();
    for (const { wait, firstMs, lastMs } of this.#noted.values()) {
      if (lastMs < fromMs || firstMs >= toMs) continue;
      const { kind, system, blocked, blocker, blockerState, waitedS } = wait;
      const key = JSON.stringify([kind, system, blocked, blocker, blockerState]);
      const before = pairs.get(key);
      pairs.set(key, {
        ...{ kind, system, blocked, blocker, blockerState },
        waits: (before?.waits ?? 0) + 1,
        waitedS: (before?.waitedS ?? 0) + waitedS,
        longestS: Math.max(before?.longestS ?? 0, waitedS),
        firstMs: Math.min(before?.firstMs ?? firstMs, firstMs),
        lastMs: Math.max(before?.lastMs ?? lastMs, lastMs),
      });
    }
    return [...pairs.values()].sort((a, b) => b.waitedS - a.waitedS);
  }

  #dropOldest(): void {
    const [oldest] = this.#noted.keys();
    if (oldest !== undefined) this.#noted.delete(oldest);
    this.#dropped += 1;
  }
}
