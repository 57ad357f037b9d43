/**
 * Hours of two periods as pairs that may be compared: the same hour of the week, because Monday at nine is not
 * Sunday at four. Where the periods do not cover the same days, the same hour of the day. What has no counterpart
 * is left out, and how much that is is told. Pure.
 */
import { type Bins, type HourBins, mergeBins } from './hour-bins.js';

/** A block of the bootstrap: what is drawn together. */
export interface Pair {
  readonly before: Bins;
  readonly after: Bins;
}

export interface Pairing {
  readonly by: 'hour of week' | 'hour of day';
  readonly pairs: readonly Pair[];
  /** Share of all samples that are in a pair. */
  readonly covered: number;
}

/** The hour of the week, from 0, in the zone of the report. */
export type HourOfWeek = (timeMs: number) => number;

/** By the hour of the week when it leaves out no more than this of either side. */
const LEFT_OUT_MAX = 0.2;
const HOURS_OF_DAY = 24;

export function pairHours(
  before: readonly HourBins[],
  after: readonly HourBins[],
  hourOfWeek: HourOfWeek,
): Pairing {
  const byWeek = pairBy(before, after, hourOfWeek);
  if (isWhole(byWeek, before, after)) return { by: 'hour of week', ...byWeek };
  const byDay = pairBy(before, after, (timeMs) => hourOfWeek(timeMs) % HOURS_OF_DAY);
  return { by: 'hour of day', ...byDay };
}

function isWhole(
  { pairs }: Pick<Pairing, 'pairs'>,
  before: readonly HourBins[],
  after: readonly HourBins[],
): boolean {
  const paired = (side: keyof Pair): number =>
    pairs.reduce((sum, pair) => sum + pair[side].count, 0);
  return (
    paired('before') >= (1 - LEFT_OUT_MAX) * countOf(before) &&
    paired('after') >= (1 - LEFT_OUT_MAX) * countOf(after)
  );
}

function pairBy(
  before: readonly HourBins[],
  after: readonly HourBins[],
  cellOf: HourOfWeek,
): Omit<Pairing, 'by'> {
  const olds = cells(before, cellOf);
  const news = cells(after, cellOf);
  const pairs: Pair[] = [];
  for (const [cell, oldHours] of olds) {
    const newHours = news.get(cell);
    if (newHours === undefined) continue;
    // As many pairs as the side with fewer hours has: no hour is in two, which would count it twice.
    const size = Math.min(oldHours.length, newHours.length);
    for (let i = 0; i < size; i++) {
      pairs.push({ before: mergeEvery(oldHours, size, i), after: mergeEvery(newHours, size, i) });
    }
  }
  const paired = pairs.reduce((sum, pair) => sum + pair.before.count + pair.after.count, 0);
  const all = countOf(before) + countOf(after);
  return { pairs, covered: all === 0 ? 0 : paired / all };
}

function cells(hours: readonly HourBins[], cellOf: HourOfWeek): Map<number, HourBins[]> {
  const found = new Map<number, HourBins[]>();
  for (const hour of hours) {
    const cell = cellOf(hour.timeMs);
    const list = found.get(cell);
    if (list === undefined) found.set(cell, [hour]);
    else list.push(hour);
  }
  return found;
}

function mergeEvery(hours: readonly HourBins[], step: number, from: number): Bins {
  return mergeBins(hours.filter((_hour, index) => index % step === from));
}

function countOf(hours: readonly HourBins[]): number {
  return hours.reduce((sum, { count }) => sum + count, 0);
}
