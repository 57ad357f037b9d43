/**
 * A clock that all threads of a process agree on: monotonic ms from an origin of the system's.
 * `performance.now()` begins anew in each thread, and `performance.timeOrigin` is read from the clock
 * that may be set.
 */

/** What is to be added to this thread's `performance.now()`. */
export function processClockOffsetMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6 - performance.now();
}
