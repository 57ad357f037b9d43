/**
 * Two periods of a metric compared, row by row. Runs in the query pool: some 25 ms a row for two weeks. Returns
 * plain data; what is a change is judged by the caller, who sees the rows of all metrics.
 */
import { createCalendar } from '../reports/calendar.js';
import { compareHours, type HoursCompared, hoursIn } from '../statistics/compare-hours.js';
import { type Cause, decompose } from '../statistics/decompose.js';
import { createRandom } from '../statistics/random.js';
import type { FileReader } from '../store/file-readers.js';
import {
  LayoutChoice,
  type PeriodRequest,
  type PeriodSums,
  readHours,
  readSums,
} from './hour-series.js';

export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
  readonly where: readonly (readonly [name: string, value: string])[];
}

export interface CompareRequest {
  readonly metric: string;
  readonly service: string | undefined;
  readonly names: readonly string[];
  readonly strata: readonly string[];
  readonly before: Period;
  readonly after: Period;
  /**
   * From when on, before `after`, its days and weeks are learnt, and steps looked for since `before` began; more
   * than the period before, so that a step in that is not taken for a season.
   */
  readonly historyFromMs: number;
  /** Time zone of days and weeks. */
  readonly zone: string;
  readonly seed: number;
  /** Rows at most that are compared; those with the largest sums. */
  readonly limit: number;
}

/** Sums and values in whole numbers of `1 / scale` of the unit. */
export interface ComparedRow {
  readonly attributes: Readonly<Record<string, string>>;
  readonly before: { readonly count: number; readonly sum: number };
  readonly after: { readonly count: number; readonly sum: number };
  readonly cause: Cause | null;
  /** Null of rows past the limit, and of those without hours on both sides. */
  readonly compared: HoursCompared | null;
}

export interface CompareResult {
  readonly scale: number;
  /** The largest sum, of both periods, first. */
  readonly rows: readonly ComparedRow[];
}

/** Undefined when no file of either period knows the metric. */
export function runCompare(
  readers: readonly FileReader[],
  request: CompareRequest,
): CompareResult | undefined {
  const { metric, service, names, strata, limit } = request;
  const [before, after] = [request.before, request.after].map((period): PeriodRequest => {
    return { metric, service, names, strata, ...period };
  }) as [PeriodRequest, PeriodRequest];
  const old = readSums(readers, before);
  const now = readSums(readers, after);
  const scale = now?.scale ?? old?.scale;
  if (scale === undefined) return undefined;
  const keys = keysBySum(old, now);
  const wanted = new Set(keys.slice(0, limit));
  const layouts = new LayoutChoice();
  const line: PeriodRequest = { ...after, fromMs: Math.min(request.historyFromMs, after.fromMs) };
  const timeline = readHours(readers, line, wanted, layouts);
  const oldHours = isWithin(before, line) ? timeline : readHours(readers, before, wanted, layouts);
  const { layout } = layouts;
  const { hourOfWeek } = createCalendar(request.zone);
  const rows = keys.map((key): ComparedRow => {
    const sums = sumsOf(key, old, now, request);
    const hours = timeline.get(key);
    const others = oldHours.get(key);
    if (layout === undefined || hours === undefined || others === undefined) {
      return { ...sums, compared: null };
    }
    const compared = compareHours({
      layout,
      timeline: hours,
      earlier: hoursIn(others, before),
      before,
      after,
      hourOfWeek,
      random: createRandom(request.seed, `${metric} ${key}`),
    });
    return { ...sums, compared };
  });
  return { scale, rows };
}

/** Whether the hours of a period are among those of the other. */
function isWithin(period: PeriodRequest, line: PeriodRequest): boolean {
  const isSame = JSON.stringify(period.where) === JSON.stringify(line.where);
  return isSame && period.fromMs >= line.fromMs && period.toMs <= line.toMs;
}

function keysBySum(old: PeriodSums | undefined, now: PeriodSums | undefined): string[] {
  const sums = new Map<string, number>();
  for (const side of [old, now]) {
    for (const [key, { sum }] of side?.rows ?? []) sums.set(key, (sums.get(key) ?? 0) + sum);
  }
  return [...sums].sort(([, a], [, b]) => b - a).map(([key]) => key);
}

const NOTHING = { count: 0, sum: 0 };

function sumsOf(
  key: string,
  old: PeriodSums | undefined,
  now: PeriodSums | undefined,
  { before, after }: CompareRequest,
): Pick<ComparedRow, 'attributes' | 'before' | 'after' | 'cause'> {
  const a = old?.rows.get(key);
  const b = now?.rows.get(key);
  const strata = new Set([...(a?.strata.keys() ?? []), ...(b?.strata.keys() ?? [])]);
  const cause = decompose(
    [...strata].map((stratum) => ({
      before: a?.strata.get(stratum) ?? NOTHING,
      after: b?.strata.get(stratum) ?? NOTHING,
    })),
    (after.toMs - after.fromMs) / (before.toMs - before.fromMs),
  );
  return {
    attributes: (b ?? a)!.attributes,
    before: { count: a?.count ?? 0, sum: a?.sum ?? 0 },
    after: { count: b?.count ?? 0, sum: b?.sum ?? 0 },
    cause,
  };
}
