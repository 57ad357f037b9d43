/** Something that takes a known time. */

/** Calls `done` no sooner than `ms` from now; a timer alone may be a millisecond early. */
export function after(ms, done) {
  const startMs = performance.now();
  const wait = () => (performance.now() - startMs < ms ? setTimeout(wait, 1) : done());
  setTimeout(wait, ms);
}
