/**
 * The clock that all threads of a process agree on: monotonic ms from an origin of the system's.
 * `performance.now()` begins anew in each thread and loads node:perf_hooks, 2 ms of the application's thread;
 * it is no faster (docs/internals/performance.md). Taken before a test library can replace it. Hot path.
 */
const { hrtime } = process;

/** With fractions. */
export function processNowMs(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}
