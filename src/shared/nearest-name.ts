/** The name that was probably meant, for messages about unknown ones. Pure; any thread. */

/** Slips further away than this are no slips. */
const DISTANCE_MAX = 4;
/** The names of our tables are shorter; a longer one is no slip and costs no time. */
const LENGTH_MAX = 64;

/** The nearest of `known`, or undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > LENGTH_MAX) return undefined;
  let nearest: string | undefined;
  let least = DISTANCE_MAX + 1;
  for (const candidate of known) {
    // No edit fewer than letters to add or to take: most are never compared.
    if (Math.abs(name.length - candidate.length) >= least) continue;
    const distance = editDistance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
