/**
 * Why a total time is another: more calls (volume), other calls (mix), or slower calls (latency). The three add
 * up to the difference exactly: each part is changed after the one before it (Laspeyres for the mix, Paasche for
 * the latency). Pure.
 */

/** Calls of one sort on both sides: a route of a service, a class of answers of a route. */
export interface Stratum {
  readonly before: { readonly count: number; readonly sum: number };
  readonly after: { readonly count: number; readonly sum: number };
}

/** In the unit of the sums. */
export interface Cause {
  readonly volume: number;
  readonly mix: number;
  readonly latency: number;
}

/**
 * @param factor length of the later period over that of the earlier: totals are compared per time, in that of the
 *   later period
 * @returns null when a side has no calls
 */
export function decompose(strata: readonly Stratum[], factor = 1): Cause | null {
  const old = totalOf(strata, 'before');
  const now = totalOf(strata, 'after');
  if (old.count === 0 || now.count === 0) return null;
  const oldMean = old.sum / old.count;
  const volume = (now.count - old.count * factor) * oldMean;
  let latency = 0;
  for (const { before, after } of strata) {
    if (after.count === 0) continue;
    // What is new has no latency of before: it is another mix.
    const meanBefore = before.count > 0 ? before.sum / before.count : after.sum / after.count;
    latency += after.sum - after.count * meanBefore;
  }
  const mix = now.sum - old.sum * factor - volume - latency;
  return { volume, mix, latency };
}

function totalOf(strata: readonly Stratum[], side: keyof Stratum): { count: number; sum: number } {
  return strata.reduce(
    (total, stratum) => ({
      count: total.count + stratum[side].count,
      sum: total.sum + stratum[side].sum,
    }),
    { count: 0, sum: 0 },
  );
}
