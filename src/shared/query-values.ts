/**
 * What a query was called with, as one word of its span: 28 bits of a hash and, in the last four, how many
 * values there were. The values themselves never leave their thread.
 */

/** The span is no query of SQL. */
export const NO_QUERY = 0;
/** Of the count, which stops there. */
export const VALUES_COUNT_MAX = 15;

/** `hash`: its last four bits are cut; 0 when the values are not known. Never NO_QUERY. */
export function valuesWord(hash: number, count: number): number {
  const known = hash & ~VALUES_COUNT_MAX;
  const counted = Math.min(count, VALUES_COUNT_MAX);
  // An unknown one is told by its hash alone.
  return known === 0 ? Math.max(1, counted) : known | counted;
}

export function valueCount(word: number): number {
  return word & VALUES_COUNT_MAX;
}

/** Whether two of the same word had the same values, as far as a hash can tell. */
export function isKnown(word: number): boolean {
  return (word & ~VALUES_COUNT_MAX) !== 0;
}
