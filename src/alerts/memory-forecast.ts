/** Where memory is going: a gauge of the last hour, by the minute, carried on for FORECAST_HOURS. Pure. */
import { GAP_MS } from './engine.js';
import { growthOf } from './growth.js';
import type { Sample } from './sample.js';

export const FORECAST_METRIC = 'memory_forecast';
/** Of what a forecast is made. */
export const FORECAST_WINDOW_MS = 3_600_000;
const FORECAST_HOURS = 4;

export type Forecast = Pick<Sample, 'metric' | 'value' | 'count' | 'timeMs' | 'note'>;

/**
 * Undefined where memory does not grow steadily, or is heard of no more, for its process has ended: then nothing is
 * foretold, and nothing is said.
 * @param points ascending, of the hour before `toMs`
 * @param limit in the unit of the points
 */
export function forecastOf(
  points: readonly { readonly timeMs: number; readonly value: number }[],
  toMs: number,
  limit: number,
): Forecast | undefined {
  const isGone = toMs - (points.at(-1)?.timeMs ?? 0) > GAP_MS;
  const growth = isGone ? undefined : growthOf(points);
  if (growth === undefined || limit <= 0) return undefined;
  const { last, perHour } = growth;
  const value = (100 * (last + perHour * FORECAST_HOURS)) / limit;
  const leftHours = (limit - last) / perHour;
  const left =
    leftHours < 1 ? `${Math.max(1, Math.round(leftHours * 60))} min` : `${leftHours.toFixed(1)} h`;
  const note = `${Math.round((100 * last) / limit)} % now; full in about ${left} at the growth of the last hour.`;
  return { metric: FORECAST_METRIC, value: Math.max(0, value), count: null, timeMs: toMs, note };
}
