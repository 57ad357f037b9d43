/**
 * Who made a request: the first value that is found at one of the paths of TACHOGRAPH_USER, of which a salted
 * hash goes with the request's trace. Read only of requests whose trace is kept, before they are let go of.
 * Runs on the application's thread, and its getters with it: whatever they do, it hears nothing of ours.
 */
import { types } from 'node:util';
import { observe } from './plain-promise.js';
import type { Unit } from './unit.js';

/** Of a longer one the beginning has to do. */
const LENGTH_MAX = 1000;
const HEADERS = 'headers.';

export type UserOf = (unit: Unit) => string | undefined;

/** `paths` such as `user.id`, from what the framework gives to handlers, and else from Node's own request. */
export function createUserOf(paths: readonly string[]): UserOf {
  if (paths.length === 0) return () => undefined;
  // Node.js has the names of headers in lower case, however they are written elsewhere.
  const ways = paths.map((path) =>
    (path.startsWith(HEADERS) ? path.toLowerCase() : path).split('.'),
  );
  return (unit) => {
    const places = unit.carriers();
    for (const way of ways) {
      for (const place of places) {
        const user = valueAt(place, way);
        if (user !== undefined) return user;
      }
    }
    return undefined;
  };
}

/** Undefined where it leads to no text and no number, or to something that throws. */
function valueAt(place: unknown, way: readonly string[]): string | undefined {
  try {
    let value = place;
    for (const step of way) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = stepInto(value, step);
    }
    const isNamed = (typeof value === 'string' && value !== '') || Number.isFinite(value);
    return isNamed || typeof value === 'bigint' ? String(value).slice(0, LENGTH_MAX) : undefined;
  } catch {
    return undefined;
  }
}

function stepInto(value: object, step: string): unknown {
  const next = (value as Record<string, unknown>)[step];
  // What a getter begins for us, such as a look-up of the session, nobody else may be waiting for; what is
  // there already is the application's to hear of. A query is not set off by it: no `then` of its own is asked.
  if (types.isPromise(next) && isGetter(value, step)) observe(next, ignore, ignore);
  return next;
}

const ignore = (): void => {};

function isGetter(value: object, name: string): boolean {
  for (let owner: object | null = value; owner !== null; owner = Object.getPrototypeOf(owner)) {
    const found = Object.getOwnPropertyDescriptor(owner, name);
    if (found !== undefined) return found.get !== undefined;
  }
  return false;
}
