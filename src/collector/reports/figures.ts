/** The figures of all requests of a period, beside those of the weeks before it. */
import { HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';
import type { HistogramStats } from '../query/query-request.js';
import { decompose, type Stratum } from '../statistics/decompose.js';
import { judge, shortfallOf } from '../statistics/verdict.js';
import { OUTCOME, tallies } from '../views/tallies.js';
import { groupsOf, totalsOf } from '../views/view-request.js';
import type { Range } from './calendar.js';
import type { ChangeKind } from './change-kinds.js';
import {
  type ArrivalRow,
  type Changes,
  type ChangesRequest,
  compareKind,
  effectOf,
} from './changes.js';
import type { Figures, Headline } from './report-model.js';
import { type ReportSource, viewOf } from './report-source.js';

/** Fewer have no percentile worth printing. */
export const SAMPLES_MIN = 20;
const DAY_MS = 86_400_000;
const CHANCE_MAX = 0.05;
/** A median of fewer is no more than one of them. */
const WEEKS_OF_MEDIAN_MIN = 4;

/** Null when nothing was requested. */
export async function figuresOf(
  source: ReportSource,
  service: string | undefined,
  range: Range,
): Promise<Figures | null> {
  const request = viewOf(service, range);
  const [all, outcomes] = await Promise.all([
    totalsOf(source, request, { metric: HTTP_SERVER_REQUEST_DURATION.name, group: [] }),
    groupsOf(source, request, HTTP_SERVER_REQUEST_DURATION, OUTCOME),
  ]);
  const stats = all?.groups[0]?.total as HistogramStats | undefined;
  if (stats === undefined || stats.count === 0) return null;
  const tally = tallies(outcomes, []).get('[]');
  const isEnough = stats.count >= SAMPLES_MIN;
  // What is not over yet is not divided by what is still to come.
  const passedMs = Math.max(1, Math.min(range.toMs, source.now()) - range.fromMs);
  return {
    requests: stats.count,
    requestsPerDay: (stats.count * DAY_MS) / passedMs,
    mean: stats.mean,
    p50: isEnough ? stats.p50 : null,
    p95: isEnough ? stats.p95 : null,
    p99: isEnough ? stats.p99 : null,
    max: stats.max,
    errorRatio: tally === undefined ? null : tally.errors / tally.calls,
    total: stats.sum,
  };
}

const NOTHING: Figures = {
  requests: 0,
  requestsPerDay: 0,
  mean: null,
  p50: null,
  p95: null,
  p99: null,
  max: null,
  errorRatio: null,
  total: 0,
};

/** @param earlier the weeks before, the last first; the first of them is what is compared with */
export async function headlineOf(
  source: ReportSource,
  request: ChangesRequest,
  changes: Changes,
  earlier: readonly Range[],
): Promise<Headline> {
  const { service, after } = request;
  const [now, ...weeks] = await Promise.all([
    figuresOf(source, service, after),
    ...earlier.map((range) => figuresOf(source, service, range)),
  ]);
  const metric = HTTP_SERVER_REQUEST_DURATION.name;
  const names: string[] = [];
  const result = await compareKind(source.store, request, { metric, names, strata: [] });
  const compared = result?.rows[0]?.compared ?? null;
  const whole = compared?.whole;
  const isBelieved =
    shortfallOf(whole) === undefined && Math.min(whole!.p95.p, whole!.mean.p) <= CHANCE_MAX / 2;
  const days = (after.toMs - after.fromMs) / DAY_MS;
  // Of the whole: what changed in the middle of it is told by the rows.
  const scale = result?.scale ?? 1;
  const { verdict, statistic } = judge(whole, scale, days, isBelieved);
  return {
    now: now ?? NOTHING,
    before: weeks[0] ?? null,
    median: earlier.length >= WEEKS_OF_MEDIAN_MIN ? medianOf(weeks) : null,
    verdict,
    change: effectOf(whole, statistic, scale),
    cause: decompose(strataOf(changes)),
  };
}

/** Routes as sorts of requests, those that came and went too. */
function strataOf({ rows, appeared, vanished }: Changes): Stratum[] {
  const none = { count: 0, sum: 0 };
  const isRoute = ({ kind }: { readonly kind: ChangeKind }): boolean => kind === 'route';
  const sums = ({ calls, total }: ArrivalRow): Stratum['after'] => ({ count: calls, sum: total });
  return [
    ...rows.filter(isRoute).map((row) => ({
      before: { count: row.samplesBefore, sum: row.totalBefore },
      after: { count: row.samplesAfter, sum: row.totalAfter },
    })),
    ...appeared.filter(isRoute).map((row) => ({ before: none, after: sums(row) })),
    ...vanished.filter(isRoute).map((row) => ({ before: sums(row), after: none })),
  ];
}

/** Figure by figure, of those weeks that have it. */
function medianOf(weeks: readonly (Figures | null)[]): Figures | null {
  const known = weeks.filter((week) => week !== null);
  if (known.length < 2) return null;
  const of = (name: keyof Figures): number | null => {
    const values = known.flatMap((week) => week[name] ?? []).sort((a, b) => a - b);
    if (values.length === 0) return null;
    const middle = (values.length - 1) / 2;
    return (values[Math.floor(middle)]! + values[Math.ceil(middle)]!) / 2;
  };
  return {
    requests: of('requests') ?? 0,
    requestsPerDay: of('requestsPerDay') ?? 0,
    mean: of('mean'),
    p50: of('p50'),
    p95: of('p95'),
    p99: of('p99'),
    max: of('max'),
    errorRatio: of('errorRatio'),
    total: of('total') ?? 0,
  };
}
