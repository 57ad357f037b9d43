/**
 * How steadily something grows: the line of least squares through its points. Pure. What goes up and down
 * has no growth that could be carried on, so it is only given where the line explains most of the points.
 */

export interface Growth {
  /** On the line, at the last point. */
  readonly last: number;
  readonly perHour: number;
}

/** Half an hour of minutes. */
const POINTS_MIN = 30;
/** Share of the variance that the line explains. */
const FIT_MIN = 0.8;
const HOUR_MS = 3_600_000;

export function growthOf(
  points: readonly { readonly timeMs: number; readonly value: number }[],
): Growth | undefined {
  const count = points.length;
  if (count < POINTS_MIN) return undefined;
  const startMs = points[0]!.timeMs;
  const hours = points.map(({ timeMs }) => (timeMs - startMs) / HOUR_MS);
  const meanHour = hours.reduce((sum, hour) => sum + hour, 0) / count;
  const meanValue = points.reduce((sum, { value }) => sum + value, 0) / count;
  let ofHours = 0;
  let ofValues = 0;
  let ofBoth = 0;
  points.forEach(({ value }, index) => {
    const hour = hours[index]! - meanHour;
    ofHours += hour * hour;
    ofValues += (value - meanValue) ** 2;
    ofBoth += hour * (value - meanValue);
  });
  if (ofHours === 0 || ofValues === 0) return undefined;
  const perHour = ofBoth / ofHours;
  const fit = (ofBoth * ofBoth) / (ofHours * ofValues);
  if (perHour <= 0 || fit < FIT_MIN) return undefined;
  return { last: meanValue + perHour * (hours.at(-1)! - meanHour), perHour };
}
