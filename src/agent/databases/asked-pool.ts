/**
 * Queries that are asked of a pool, which hands them over in another turn: by then nobody of the application is on the
 * stack. So the pool's own method is where the worker's question, who makes a query, is answered. Costs a call
 * and a comparison unless it asks. Hot path.
 */
import { guardedCall } from '../guarded.js';
import { derive, isPlainPromise } from '../plain-promise.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
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

/** `method` of a pool's prototype, whose first argument is a text or has one under `property`. */
export function watchAsked(
  prototype: object | undefined,
  method: string,
  host: ProbeHost,
  system: string,
  property: 'text' | 'sql',
): void {
  const asked = askedOf(host, system);
  replaceMethod(
    prototype,
    method,
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const [first] = args as [string | Readonly<Record<string, unknown>> | undefined];
        const lost = asked(typeof first === 'object' ? first?.[property] : first);
        const result = original.apply(this, args);
        return lost === undefined ? result : tellingLate(result, lost, host);
      },
  );
}

/** A promise like `result`, in whose turn who waits for it is known. */
function tellingLate(result: unknown, series: number, { places, work, warn }: ProbeHost): unknown {
  if (!isPlainPromise(result)) return result;
  const unit = work.current();
  const tell = guardedCall('late place', warn, () => places.meetLate(unit, series));
  return derive(
    result,
    (value) => {
      tell();
      return value;
    },
    (error) => {
      throw error;
    },
  );
}
