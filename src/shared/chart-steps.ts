/** Steps in which time is shown: those that people count in. Pure, for collector and page. */

const SECOND_MS = 1000;
const MINUTE_MS: number = 60 * SECOND_MS;
const HOUR_MS: number = 60 * MINUTE_MS;
const DAY_MS: number = 24 * HOUR_MS;

const STEPS_MS: readonly number[] = [
  ...[10, 20, 30].map((count) => count * SECOND_MS),
  ...[1, 2, 3, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
];

/** The shortest step that cuts `rangeMs` into at most `columnsMax` parts. */
export function stepFor(rangeMs: number, columnsMax: number): number {
  const step = STEPS_MS.find((stepMs) => rangeMs / stepMs <= columnsMax);
  return step ?? Math.ceil(rangeMs / columnsMax / DAY_MS) * DAY_MS;
}
