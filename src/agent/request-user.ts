/**
 * Who made a request: the first value that is found at one of the paths of TACHOGRAPH_USER, of which a salted
 * hash goes with the request's trace. Read only of requests whose trace is kept, before they are let go of.
 */
import type { Unit } from './unit.js';

/** Of a longer one the beginning has to do. */
const LENGTH_MAX = 1000;

export type UserOf = (unit: Unit) => string | undefined;

/** `paths` such as `user.id`, from what the framework gives to handlers, and else from Node's own request. */
export function createUserOf(paths: readonly string[]): UserOf {
  if (paths.length === 0) return () => undefined;
  const ways = paths.map((path) => path.split('.'));
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

/** Undefined where it leads to no text and no number, or to something that throws: these are the application's. */
function valueAt(place: unknown, way: readonly string[]): string | undefined {
  try {
    let value = place;
    for (const step of way) value = (value as Record<string, unknown> | null | undefined)?.[step];
    const isNamed = (typeof value === 'string' && value !== '') || Number.isFinite(value);
    return isNamed || typeof value === 'bigint' ? String(value).slice(0, LENGTH_MAX) : undefined;
  } catch {
    return undefined;
  }
}
