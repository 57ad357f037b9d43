/**
 * Which of many tests may be believed (Benjamini and Hochberg 1995): of a hundred rows without any change five
 * are below 5 % by chance. Of those that are believed here, at most `rate` are expected to be false. Pure.
 */

export const FALSE_DISCOVERY_RATE = 0.05;

/** In the order of `ps`. */
export function believed(ps: readonly number[], rate: number = FALSE_DISCOVERY_RATE): boolean[] {
  const ascending = [...ps].sort((a, b) => a - b);
  let limit = -1;
  ascending.forEach((p, index) => {
    if (p <= (rate * (index + 1)) / ascending.length) limit = p;
  });
  return ps.map((p) => p <= limit);
}
