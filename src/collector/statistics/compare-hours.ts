/**
 * The hours of one thing in two periods: how the later differs as a whole, and what steps there are. A step in the
 * later period is compared by itself, what is since then with what was right before it: a change in the middle of a
 * week is diluted in the whole, and one that undoes another is hidden by it. Pure.
 */
import type { HdrLayout } from '../../transport/hdr-layout.js';
import type { ChangePoint } from './change-points.js';
import type { HourBins } from './hour-bins.js';
import { levelSteps } from './level-steps.js';
import { type HourOfWeek, pairHours } from './pairing.js';
import type { Random } from './random.js';
import { type Comparison, comparePairs } from './ratio-bootstrap.js';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface HoursToCompare {
  readonly layout: HdrLayout;
  /** From the history on to the end of the later period, ascending. */
  readonly timeline: readonly HourBins[];
  /** Of the earlier period. */
  readonly earlier: readonly HourBins[];
  readonly before: Span;
  readonly after: Span;
  readonly hourOfWeek: HourOfWeek;
  readonly random: Random;
}

/** When something changed, and by how much from then on. */
export interface Step {
  readonly timeMs: number;
  readonly effect: Comparison | undefined;
}

export interface HoursCompared {
  readonly whole: Comparison | undefined;
  /** The strongest in the direction of the whole, in either period. */
  readonly since: Step | null;
  /** The strongest in the later period. */
  readonly step: Step | null;
}

/** A ratio as near to 1 has no step worth looking for. */
const SHIFT_MIN = 0.02;

export function compareHours(hours: HoursToCompare): HoursCompared {
  const { layout, timeline, earlier, before, after, hourOfWeek, random } = hours;
  const compare = (a: readonly HourBins[], b: readonly HourBins[]): Comparison | undefined =>
    comparePairs(layout, pairHours(a, b, hourOfWeek).pairs, random);
  const whole = compare(earlier, hoursIn(timeline, after));
  const firstMs = Math.min(before.fromMs, after.fromMs);
  const points = levelSteps({ layout, hours: timeline }, hourOfWeek, {
    fromMs: firstMs,
    baseToMs: after.fromMs,
  });
  const steps = new Map<ChangePoint, Step>();
  const stepAt = (point: ChangePoint | undefined): Step | null => {
    if (point === undefined) return null;
    const known = steps.get(point);
    if (known !== undefined) return known;
    const { timeMs } = point;
    const index = points.indexOf(point);
    const fromMs = points[index - 1]?.timeMs ?? firstMs;
    const toMs = points[index + 1]?.timeMs ?? after.toMs;
    const effect = compare(
      hoursIn(timeline, { fromMs, toMs: timeMs }),
      hoursIn(timeline, { fromMs: timeMs, toMs }),
    );
    const step = { timeMs, effect };
    steps.set(point, step);
    return step;
  };
  return {
    whole,
    since: stepAt(strongest(points.filter(({ shift }) => shift > 0 === isUp(whole)))),
    step: stepAt(strongest(points.filter(({ timeMs }) => timeMs >= after.fromMs))),
  };
}

/** Undefined where the whole has no direction. */
function isUp(whole: Comparison | undefined): boolean | undefined {
  if (whole === undefined) return undefined;
  const { ratio } = whole.p95.p <= whole.mean.p ? whole.p95 : whole.mean;
  return Math.abs(Math.log(ratio)) < SHIFT_MIN ? undefined : ratio > 1;
}

function strongest(points: readonly ChangePoint[]): ChangePoint | undefined {
  return [...points].sort((a, b) => Math.abs(b.t) - Math.abs(a.t))[0];
}

export function hoursIn(hours: readonly HourBins[], { fromMs, toMs }: Span): HourBins[] {
  return hours.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
}
