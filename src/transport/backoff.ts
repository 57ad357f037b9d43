/**
 * When to try again: exponential backoff with full jitter. The jitter is drawn after the cap, so
 * that agents which all have reached the cap do not come back together.
 */

const BASE_MS = 500;
/**
 * A fresh event must arrive within 15 s of the moment when a collector is well again: an attempt that
 * hangs just then takes 5 s (`http-post.ts`), and the wait after it this long at most. A failed attempt
 * costs one connection, so more would save nothing.
 */
export const BACKOFF_MAX_MS = 9000;

/**
 * The delay before the next attempt, in ms.
 * @param failures failures in a row, 1 or more
 * @param floorMs what the destination asked for; the jitter comes on top and is half as long at
 *   least, so that everyone who was told the same time does not come at that time
 * @param random 0 to 1
 */
export function backoffDelayMs(failures: number, floorMs: number, random: () => number): number {
  const capMs = Math.min(BACKOFF_MAX_MS, BASE_MS * 2 ** Math.min(failures, 30));
  return Math.floor(floorMs + random() * Math.max(capMs, floorMs / 2));
}
