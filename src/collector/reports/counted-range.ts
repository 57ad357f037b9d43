/**
 * Which time of a period is counted. Hours are kept longest, and are those of UTC: where a zone's days begin between
 * them, a period is counted exactly as long as its minutes are kept, then by as many hours. Pure.
 */
import { exactGrid } from '../query/choose-level.js';
import { HOUR_MS } from '../statistics/hour-bins.js';
import type { ViewSource } from '../views/view-request.js';
import type { Calendar, Range } from './calendar.js';

const OLD = 'only hours of UTC are kept so long';

/** The period itself where that can be. */
export function countedRange(
  { retention, now }: Pick<ViewSource, 'retention' | 'now'>,
  range: Range,
): Range {
  const { fromMs, toMs } = exactGrid(range, retention, now());
  return fromMs === range.fromMs && toMs === range.toMs ? range : wholeHours(range);
}

/** Both ends alike, so that days follow each other. */
export function wholeHours({ fromMs, toMs }: Range): Range {
  const floor = (timeMs: number): number => Math.floor(timeMs / HOUR_MS) * HOUR_MS;
  const from = floor(fromMs);
  return { fromMs: from, toMs: Math.max(from + HOUR_MS, floor(toMs)) };
}

/** What a report says of the times that it is of, where they are not days of its zone. */
export function timesOf(calendar: Calendar, after: Range, before: Range): string[] {
  const isOfDays = ({ fromMs, toMs }: Range): boolean =>
    [fromMs, toMs].every((ms) => calendar.dayRange(calendar.dateOf(ms)).fromMs === ms);
  const shown = ({ fromMs, toMs }: Range): string =>
    `from ${calendar.clockOf(fromMs)} to ${calendar.clockOf(toMs)}`;
  const times: string[] = [];
  if (!isOfDays(after)) times.push(`Counted ${shown(after)}: ${OLD}.`);
  if (!isOfDays(before)) times.push(`The time before is counted ${shown(before)}: ${OLD}.`);
  const compared = wholeHours(after);
  if (isOfDays(after) && !isOfDays(compared)) {
    times.push(`Changes are those ${shown(compared)}: they are told by the hour of UTC.`);
  }
  return times;
}
