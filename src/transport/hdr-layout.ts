/**
 * The geometry of an HdrHistogram: which values each slot of its counts array stands for. Pure
 * arithmetic, the same in every port (https://hdrhistogram.org), so that a payload can be read
 * without building a histogram.
 */

/** Digits of hdr-histogram-js; 0 is legal in some ports and useless. */
const DIGITS_MIN = 1;
export const DIGITS_MAX = 5;
/**
 * Slots at most: 5 digits over the whole range of 2^53 need 4.9 million, 3 digits 45 thousand. The
 * agent uses 2 digits, at most 6 thousand slots.
 */
const SLOTS_MAX = 5 * 1024 * 1024;

export interface HdrLayout {
  readonly digits: number;
  readonly lowest: number;
  readonly highest: number;
  /** Length of the counts array. */
  readonly slots: number;
  /** Slots of a bucket past the first; the first has twice as many. */
  readonly halfCount: number;
  /** Values are kept in units of 2^unitMagnitude. */
  readonly unitMagnitude: number;
}

/**
 * The layout of a histogram of `lowest` to `highest` with so many significant digits.
 * @throws {RangeError} when no histogram can have it.
 */
export function hdrLayout(digits: number, lowest: number, highest: number): HdrLayout {
  check(digits >= DIGITS_MIN && digits <= DIGITS_MAX, `digits from 1 to 5, got ${digits}`);
  check(Number.isSafeInteger(lowest) && lowest >= 1, `a lowest value of at least 1, got ${lowest}`);
  check(
    Number.isSafeInteger(highest) && highest >= 2 * lowest,
    `a highest value from ${2 * lowest} to 2^53 - 1, got ${highest}`,
  );
  const unitMagnitude = Math.floor(Math.log2(lowest));
  const subBuckets = 2 ** Math.ceil(Math.log2(2 * 10 ** digits));
  let buckets = 1;
  for (let reach = subBuckets * 2 ** unitMagnitude; reach <= highest; reach *= 2) buckets++;
  const halfCount = subBuckets / 2;
  const slots = (buckets + 1) * halfCount;
  check(slots <= SLOTS_MAX, `at most ${SLOTS_MAX} slots, got ${slots}`);
  return { digits, lowest, highest, slots, halfCount, unitMagnitude };
}

/** The lowest value that is counted in slot `index`. */
export function lowestOfSlot(layout: HdrLayout, index: number): number {
  const bucket = Math.max(Math.floor(index / layout.halfCount) - 1, 0);
  return (index - bucket * layout.halfCount) * 2 ** (bucket + layout.unitMagnitude);
}

/** The highest value that is counted in slot `index`. */
export function highestOfSlot(layout: HdrLayout, index: number): number {
  const bucket = Math.max(Math.floor(index / layout.halfCount) - 1, 0);
  return lowestOfSlot(layout, index) + 2 ** (bucket + layout.unitMagnitude) - 1;
}

/**
 * The value that stands for slot `index`, as medianEquivalentValue of every HdrHistogram port: half a
 * slot from any value in it, 0.4 % at 2 digits. A slot of one value is that value.
 */
export function middleOfSlot(layout: HdrLayout, index: number): number {
  const low = lowestOfSlot(layout, index);
  return low + Math.floor((highestOfSlot(layout, index) - low + 1) / 2);
}

/** The slot that counts `value`, a whole number below 2^53. */
export function slotOf(layout: HdrLayout, value: number): number {
  const units = Math.floor(value / 2 ** layout.unitMagnitude);
  let bucket = 0;
  while (units >= 2 * layout.halfCount * 2 ** bucket) bucket++;
  return bucket * layout.halfCount + Math.floor(units / 2 ** bucket);
}

function check(holds: boolean, expected: string): void {
  if (!holds) throw new RangeError(`histogram layout: expected ${expected}`);
}
