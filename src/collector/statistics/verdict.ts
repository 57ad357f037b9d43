/**
 * From intervals to a verdict. A change is called one only when chance is excluded, it is large enough to be
 * felt and it costs something; "unchanged" is a claim too and has to be shown. Pure.
 */
import type { HoursCompared, Step } from './compare-hours.js';
import type { Comparison, RatioInterval } from './ratio-bootstrap.js';

export type Verdict = 'slower' | 'faster' | 'unchanged' | 'noisy' | 'not enough data';
export type Statistic = 'p95' | 'mean';

/** Samples a side, and pairs of hours: fewer give intervals that promise too much. */
export const SAMPLES_MIN = 200;
export const HOURS_MIN = 24;
const CHANGE_MIN = 0.05;
const CHANGE_SECONDS_MIN = 0.002;
/** What a change has to cost or save, in seconds a day. */
const IMPACT_SECONDS_PER_DAY_MIN = 5;
const UNCHANGED_MAX = 0.05;
const NOISE_MAX = 0.15;

export interface Judged {
  readonly verdict: Verdict;
  /** Which ratio it is about. */
  readonly statistic: Statistic;
  readonly interval: RatioInterval | null;
  /** Why there is no verdict; null when there is one. */
  readonly reason: string | null;
}

/** Why a comparison cannot be judged; undefined when it can. */
export function shortfallOf(comparison: Comparison | undefined): string | undefined {
  if (comparison === undefined) return 'nothing recorded on one side';
  // Weighted, and so a whole number but for the last digits.
  const samples = Math.round(Math.min(comparison.before.count, comparison.after.count));
  if (samples < SAMPLES_MIN) return `${samples} samples on a side, ${SAMPLES_MIN} are needed`;
  if (comparison.pairs < HOURS_MIN) {
    return `${comparison.pairs} hours to compare, ${HOURS_MIN} are needed`;
  }
  return undefined;
}

/**
 * The chance of what was found, of all looks at it (Bonferroni): for Benjamini and Hochberg over all rows. Undefined
 * where none may be judged.
 */
export function chanceOf({ whole, step }: HoursCompared): number | undefined {
  const looks = [whole, step?.effect].filter(
    (look): look is Comparison => shortfallOf(look) === undefined,
  );
  if (looks.length === 0) return undefined;
  const least = Math.min(...looks.flatMap(({ p95, mean }) => [p95.p, mean.p]));
  return Math.min(1, 2 * looks.length * least);
}

export interface JudgedChange extends Judged {
  /** When it changed; null where no step stands out, and without a change. */
  readonly since: Step | null;
}

/**
 * By the step in the later period where that is a change, unless the whole says the opposite, be it shown or not: what
 * merely went on less far up is not faster than the period before. Else by the whole.
 */
export function judgeChange(
  compared: HoursCompared | null,
  scale: number,
  days: number,
  isBelieved: boolean,
): JudgedChange {
  const ofWhole = judge(compared?.whole, scale, days, isBelieved);
  const isChanged = isOfChange(ofWhole.verdict);
  const step = compared?.step ?? null;
  if (step !== null) {
    const ofStep = judge(step.effect, scale, days, isBelieved);
    const isOpposite = isChanged
      ? ofStep.verdict !== ofWhole.verdict
      : isAgainst(ofStep, compared?.whole);
    if (isOfChange(ofStep.verdict) && !isOpposite) return { ...ofStep, since: step };
  }
  return { ...ofWhole, since: isChanged ? (compared?.since ?? null) : null };
}

/** Whether the whole went the other way by as much as a change is. */
function isAgainst({ verdict, statistic }: Judged, whole: Comparison | undefined): boolean {
  const ratio = whole?.[statistic].ratio ?? 1;
  return verdict === 'faster' ? ratio >= 1 + CHANGE_MIN : ratio <= 1 - CHANGE_MIN;
}

export function isOfChange(verdict: Verdict): boolean {
  return verdict === 'slower' || verdict === 'faster';
}

/**
 * @param scale values are whole numbers of `1 / scale` seconds
 * @param days of the later period
 * @param isBelieved that it is no chance, among all rows
 */
export function judge(
  comparison: Comparison | undefined,
  scale: number,
  days: number,
  isBelieved: boolean,
): Judged {
  const shortfall = shortfallOf(comparison);
  if (comparison === undefined || shortfall !== undefined) {
    const reason = shortfall ?? null;
    return { verdict: 'not enough data', statistic: 'p95', interval: null, reason };
  }
  // The percentile first: it is what users feel, and outliers do not move it.
  for (const statistic of ['p95', 'mean'] as const) {
    const interval = comparison[statistic];
    if (isBelieved && isChange(comparison, statistic, scale, days)) {
      const verdict = interval.ratio > 1 ? 'slower' : 'faster';
      return { verdict, statistic, interval, reason: null };
    }
  }
  return withoutChange(comparison, scale, days);
}

function isChange(
  comparison: Comparison,
  statistic: Statistic,
  scale: number,
  days: number,
): boolean {
  const { ratio, low, high } = comparison[statistic];
  if (low <= 1 && high >= 1) return false;
  const seconds = Math.abs(comparison.after[statistic] - comparison.before[statistic]) / scale;
  return (
    Math.abs(ratio - 1) >= CHANGE_MIN &&
    seconds >= CHANGE_SECONDS_MIN &&
    hasImpact(comparison, scale, days)
  );
}

function hasImpact({ before, after }: Comparison, scale: number, days: number): boolean {
  // A tail can grow while the mean stands still: whichever moved more.
  const perCall = Math.max(
    Math.abs(after.mean - before.mean),
    Math.abs(after.p95 - before.p95) / 20,
  );
  return ((perCall / scale) * after.count) / days >= IMPACT_SECONDS_PER_DAY_MIN;
}

function withoutChange(comparison: Comparison, scale: number, days: number): Judged {
  const interval = comparison.p95;
  const { low, high } = interval;
  const base = { statistic: 'p95', interval } as const;
  const seconds = (ratio: number): number => (Math.abs(ratio - 1) * comparison.before.p95) / scale;
  const isInside = low >= 1 - UNCHANGED_MAX && high <= 1 + UNCHANGED_MAX;
  const isTiny = Math.max(seconds(low), seconds(high)) < CHANGE_SECONDS_MIN;
  if (isInside || isTiny || !hasWorst(comparison, scale, days)) {
    return { verdict: 'unchanged', ...base, reason: null };
  }
  const reason =
    (high - low) / 2 > NOISE_MAX * interval.ratio
      ? `the interval is wider than ±${NOISE_MAX * 100} %`
      : `a change of ${CHANGE_MIN * 100} % is neither shown nor excluded`;
  return { verdict: 'noisy', ...base, reason };
}

/** Whether even the far end of the interval would cost anything. */
function hasWorst({ p95, before, after }: Comparison, scale: number, days: number): boolean {
  const far = Math.max(Math.abs(p95.low - 1), Math.abs(p95.high - 1));
  return ((far * before.p95) / scale) * (after.count / days) >= IMPACT_SECONDS_PER_DAY_MIN;
}
