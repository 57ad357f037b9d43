/** The nearest of a few names to what was typed, when it is near enough to be a slip. */
const DISTANCE_MAX = 2;

export function closestOf(typed: string, names: readonly string[]): string | undefined {
  let closest: string | undefined;
  let least = DISTANCE_MAX + 1;
  for (const name of names) {
    const distance = editDistance(typed.slice(0, 64), name);
    if (distance < least) {
      least = distance;
      closest = name;
    }
  }
  return closest;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(swap, (previous[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[b.length] as number;
}
