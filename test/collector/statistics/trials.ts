/**
 * What the statistics of reports promise, tried on simulated weeks: how often they call a change where there is
 * none, how often they see one that is there, and how near to the truth they say since when. By a seed.
 */
import { believed } from '../../../src/collector/statistics/benjamini-hochberg.js';
import { compareHours, hoursIn } from '../../../src/collector/statistics/compare-hours.js';
import { HOUR_MS } from '../../../src/collector/statistics/hour-bins.js';
import { levelSteps } from '../../../src/collector/statistics/level-steps.js';
import { createRandom } from '../../../src/collector/statistics/random.js';
import { chanceOf, judgeChange, type Verdict } from '../../../src/collector/statistics/verdict.js';
import { HOURS_OF_WEEK, hourOfWeekUtc, LAYOUT, MONDAY_MS, simulate } from './simulated-traffic.js';

const SCALE = 1e6;
const DAYS = 7;
const REQUESTS_PER_DAY = 10_000;

/** The verdict on the second of two weeks, whose latencies are `factor` times those of the first. */
export function verdictOfWeek(
  seed: number,
  factor: number,
  requestsPerDay = REQUESTS_PER_DAY,
): Verdict {
  const { hours } = simulate(
    {
      hours: 2 * HOURS_OF_WEEK,
      requestsPerDay,
      factorAt: (hour) => (hour < HOURS_OF_WEEK ? 1 : factor),
    },
    createRandom(seed, 'traffic'),
  );
  const border = MONDAY_MS + HOURS_OF_WEEK * HOUR_MS;
  const before = { fromMs: MONDAY_MS, toMs: border };
  const after = { fromMs: border, toMs: border + HOURS_OF_WEEK * HOUR_MS };
  const compared = compareHours({
    layout: LAYOUT,
    timeline: hours,
    earlier: hoursIn(hours, before),
    before,
    after,
    hourOfWeek: hourOfWeekUtc,
    random: createRandom(seed, 'bootstrap'),
  });
  const chance = chanceOf(compared);
  const isBelieved = chance !== undefined && believed([chance])[0]!;
  return judgeChange(compared, SCALE, DAYS, isBelieved).verdict;
}

/** How far the strongest change point lies from a planted one, in hours; undefined when none was seen. */
export function distanceOfChangePoint(
  seed: number,
  factor: number,
  weeks = 2,
  requestsPerDay = REQUESTS_PER_DAY,
): number | undefined {
  const place = createRandom(seed, 'place');
  const borderHour = (weeks - 1) * HOURS_OF_WEEK;
  // Of a working day of the last week, from eight to five: when people deploy.
  const at = borderHour + 24 * Math.floor(place() * 5) + 8 + Math.floor(place() * 9);
  const series = simulate(
    {
      hours: weeks * HOURS_OF_WEEK,
      requestsPerDay,
      factorAt: (hour) => (hour < at ? 1 : factor),
    },
    createRandom(seed, 'traffic'),
  );
  const borderMs = MONDAY_MS + borderHour * HOUR_MS;
  const points = levelSteps(series, hourOfWeekUtc, {
    fromMs: borderMs - HOURS_OF_WEEK * HOUR_MS,
    baseToMs: borderMs,
  });
  const sameWay = points.filter(({ shift }) => shift > 0 === factor > 1);
  if (sameWay.length === 0) return undefined;
  const strongest = sameWay.reduce((most, point) =>
    Math.abs(point.t) > Math.abs(most.t) ? point : most,
  );
  return Math.abs((strongest.timeMs - MONDAY_MS) / HOUR_MS - at);
}

export interface Shares {
  readonly trials: number;
  readonly slower: number;
  readonly faster: number;
  readonly unchanged: number;
  readonly noisy: number;
}

export function sharesOf(verdicts: readonly Verdict[]): Shares {
  const share = (verdict: Verdict): number =>
    verdicts.filter((one) => one === verdict).length / verdicts.length;
  return {
    trials: verdicts.length,
    slower: share('slower'),
    faster: share('faster'),
    unchanged: share('unchanged'),
    noisy: share('noisy'),
  };
}
