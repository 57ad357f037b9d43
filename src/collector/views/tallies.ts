/** Calls, errors and aborts, from groups that tell outcomes apart. Pure. */
import type { HistogramStats, QueryGroup } from '../query/query-request.js';
import { keyOf } from './view-request.js';

export interface Tally {
  calls: number;
  errors: number;
  aborted: number;
}

/** Attributes by which outcomes are told apart. */
export const OUTCOME: readonly string[] = ['http.response.status_class', 'error.type'];
/** Value of `error.type` for a client that went away. */
const ABORTED = 'aborted';

/** By the given attributes, as `keyOf` writes them. */
export function tallies(
  groups: readonly QueryGroup[],
  names: readonly string[],
): ReadonlyMap<string, Tally> {
  const found = new Map<string, Tally>();
  for (const { attributes, total } of groups) {
    const { count } = total as HistogramStats;
    const key = keyOf(attributes, names);
    const tally = found.get(key) ?? { calls: 0, errors: 0, aborted: 0 };
    const error = attributes['error.type'] ?? '';
    tally.calls += count;
    if (error === ABORTED) tally.aborted += count;
    else if (error !== '' || attributes['http.response.status_class'] === '5xx') {
      tally.errors += count;
    }
    found.set(key, tally);
  }
  return found;
}
