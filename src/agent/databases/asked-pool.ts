/**
 * Queries that are asked of a pool, which hands them over in another turn: by then nobody of the application is on the
 * stack. So the pool's own method is where the worker's question, who makes a query, is answered. Costs a call
 * and a comparison unless it asks. Hot path.
 */
import { guardedCall } from '../guarded.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { statementsOf } from './statements.js';

/** What is told that the application asks `sql` now. */
export function askedOf(host: ProbeHost, system: string): (sql: unknown) => void {
  const { places, work, warn } = host;
  return guardedCall(`${system} place`, warn, (sql: unknown) => {
    if (!places.isAnyWanted || typeof sql !== 'string') return;
    places.meet(work.current(), statementsOf(host, system).of(sql).series);
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
        asked(typeof first === 'object' ? first?.[property] : first);
        return original.apply(this, args);
      },
  );
}
