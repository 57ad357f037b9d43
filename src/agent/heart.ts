/**
 * A thread's heart as the agent's worker sees it: each tick is a beat that says when the next is due.
 * By that the worker notices a block a threshold after it began to matter, and looks no oftener than
 * the thread beats. Any application thread; three stores a tick.
 */
import { isInspected } from './own-stack.js';
import type { RingWriter } from './ring-writer.js';
import type { Ticker } from './ticker.js';

/**
 * @param stallMinMs from which on a late beat is a stall that is told of; 0: none is. Nor is one while
 *   an inspector is open: the thread may have stood at a breakpoint
 */
export function startHeart(ring: RingWriter, ticker: Ticker, stallMinMs: number): void {
  ticker.onBeat((lateMs, dueMs) => {
    if (stallMinMs > 0 && lateMs >= stallMinMs && !isInspected()) ring.late(lateMs);
    ring.beat(dueMs);
  });
}
