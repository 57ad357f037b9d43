/**
 * Queries that are asked of a pool, which hands them over in another turn: by then nobody of the application is on the
 * stack. So the pool's own method is where the worker's question, who makes a query, is answered. Costs a call
 * and a comparison unless it asks. Hot path.
 */
import { guardedCall } from '../guarded.js';
import { derive, isPlainPromise } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { statementsOf } from './statements.js';

/** What is told that the application asks `sql` now. Gives the series whose place is wanted and was not to be seen. */
export function askedOf(host: ProbeHost, system: string): (sql: unknown) => number | undefined {
  const { places, work, warn } = host;
  return guardedCall(`${system} place`, warn, (sql: unknown) => {
    if (!places.isAnyWanted || typeof sql !== 'string') return undefined;
    const { series } = statementsOf(host, system).of(sql);
    return places.meetAsked(work.current(), series) ? series : undefined;
  });
}

/**
 * `methods` of a pool's prototype, whose first argument is a text or has one under `property`. What is given back
 * tells whether a pool takes a connection for one of them now: it is called where one is taken, once for each.
 */
export function watchAsked(
  prototype: object | undefined,
  methods: readonly string[],
  host: ProbeHost,
  system: string,
  property: 'text' | 'sql',
): (pool: object) => boolean {
  const asked = askedOf(host, system);
  /** Has been asked, and has not taken a connection yet. */
  let taking: object | undefined;
  const watch = (original: Method): Method =>
    function (this: object, ...args: unknown[]): unknown {
      const [first] = args as [string | Readonly<Record<string, unknown>> | undefined];
      const lost = asked(typeof first === 'object' ? first?.[property] : first);
      const before = taking;
      taking = this;
      try {
        const result = original.apply(this, args);
        return lost === undefined ? result : tellingLate(result, lost, host);
      } finally {
        taking = before;
      }
    };
  for (const method of methods) replaceMethod(prototype, method, watch);
  return (pool) => {
    if (taking !== pool) return false;
    // Whoever is called back at once takes the next for itself.
    taking = undefined;
    return true;
  };
}

/** A promise like `result`, in whose turn who waits for it is known. */
function tellingLate(result: unknown, series: number, { places, work, warn }: ProbeHost): unknown {
  if (!isPlainPromise(result)) return result;
  const unit = work.current();
  const tell = guardedCall('late place', warn, () => places.meetLate(unit, series));
  return derive(result, (value) => {
    tell();
    return value;
  });
}
