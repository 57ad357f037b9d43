/**
 * What changed between two periods, row by row of every kind: verdict, by how much, since when, with which
 * deploy, and out of which cause. One comparison a kind runs in the query pool; which rows are more than chance is
 * judged here, over all of them.
 */
import type { ComparedRow, CompareResult, Period } from '../query/run-compare.js';
import { believed } from '../statistics/benjamini-hochberg.js';
import type { Cause } from '../statistics/decompose.js';
import type { Comparison } from '../statistics/ratio-bootstrap.js';
import {
  chanceOf,
  isOfChange,
  judgeChange,
  type Statistic,
  type Verdict,
} from '../statistics/verdict.js';
import type { Store } from '../store/store.js';
import { CHANGE_KINDS, type ChangeKind, type KindRow } from './change-kinds.js';
import { wholeHours } from './counted-range.js';
import { type Deploy, deployAt, deploysOf } from './deploys.js';

export interface ChangesRequest {
  readonly service: string | undefined;
  readonly before: Period;
  readonly after: Period;
  readonly zone: string;
  /** Rows of each kind at most. */
  readonly limit: number;
}

/** Seconds of `statistic`, over the hours that were compared. */
export interface Effect {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly before: number;
  readonly after: number;
}

export interface ChangeRow {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly verdict: Verdict;
  /** Which value was compared. */
  readonly statistic: Statistic;
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly before: number | null;
  readonly after: number | null;
  readonly samplesBefore: number;
  readonly samplesAfter: number;
  /** In seconds, of all calls. */
  readonly totalBefore: number;
  readonly totalAfter: number;
  /** Start of the hour in which it changed; null where no step stands out, and of rows without a change. */
  readonly sinceMs: number | null;
  /** Of what is since then over what was before it. */
  readonly effect: Effect | null;
  /** Of the difference of the totals, in seconds of the later period. */
  readonly cause: Cause | null;
  /** Deployed when it changed. */
  readonly version: string | null;
  /** Why there is no verdict. */
  readonly reason: string | null;
}

/** What has calls in one of the periods only. */
export interface ArrivalRow {
  readonly kind: ChangeKind;
  readonly name: string;
  readonly calls: number;
  /** Seconds, of all calls. */
  readonly total: number;
}

export interface Changes {
  readonly rows: readonly ChangeRow[];
  readonly appeared: readonly ArrivalRow[];
  readonly vanished: readonly ArrivalRow[];
}

/** What was called less often is no arrival: a scanner's try, a query made once. */
const ARRIVAL_CALLS_MIN = 20;
/** Any number: the same report for the same data. */
const SEED = 20_261_123;
const DAY_MS = 86_400_000;
/** Before the earlier period: from it, too, days and weeks are learnt. */
const HISTORY_MS = 14 * DAY_MS;

interface Found {
  readonly kind: KindRow;
  readonly scale: number;
  readonly row: ComparedRow;
}

export async function changesOf(store: Store, request: ChangesRequest): Promise<Changes> {
  const [deploys, ...results] = await Promise.all([
    deploysOf(store, request.service),
    ...CHANGE_KINDS.map((kind) => compareKind(store, request, kind)),
  ]);
  const found = results.flatMap((result, index): Found[] => {
    const kind = CHANGE_KINDS[index]!;
    // What was there on one side alone is new or gone, not changed.
    const both = (result?.rows ?? []).filter((row) => row.before.count > 0 && row.after.count > 0);
    return both.slice(0, request.limit).map((row) => ({ kind, scale: result!.scale, row }));
  });
  const judgeable = found.flatMap(({ row }) => {
    const chance = row.compared === null ? undefined : chanceOf(row.compared);
    return chance === undefined ? [] : [{ row, chance }];
  });
  const beliefs = believed(judgeable.map(({ chance }) => chance));
  const isBelieved = new Map(judgeable.map(({ row }, index) => [row, beliefs[index]!]));
  const rows = found
    .map((one) => changeOf(one, request, isBelieved.get(one.row) ?? false, deploys))
    .sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || costOf(b) - costOf(a));
  return { rows, ...arrivalsOf(results, request.limit) };
}

function arrivalsOf(
  results: readonly (CompareResult | undefined)[],
  limit: number,
): Pick<Changes, 'appeared' | 'vanished'> {
  const on = (side: 'before' | 'after', other: 'before' | 'after'): ArrivalRow[] =>
    results
      .flatMap((result, index) => {
        const { kind, nameOf } = CHANGE_KINDS[index]!;
        return (result?.rows ?? [])
          .filter((row) => row[other].count === 0 && row[side].count >= ARRIVAL_CALLS_MIN)
          .map((row) => ({
            kind,
            name: nameOf(row.attributes),
            calls: row[side].count,
            total: row[side].sum / result!.scale,
          }));
      })
      .sort((a, b) => b.total - a.total)
      .slice(0, limit);
  return { appeared: on('after', 'before'), vanished: on('before', 'after') };
}

const ORDER: readonly Verdict[] = ['slower', 'faster', 'noisy', 'unchanged', 'not enough data'];

/** What a change costs or saves, in seconds of the later period. */
export function costOf({ cause, totalAfter, verdict }: ChangeRow): number {
  return isOfChange(verdict) ? Math.abs(cause?.latency ?? 0) : totalAfter;
}

/** One metric of two periods, all in one row when `names` is empty. */
export function compareKind(
  store: Store,
  { service, before, after, zone, limit }: ChangesRequest,
  { metric, names, strata }: Pick<KindRow, 'metric' | 'names' | 'strata'>,
): Promise<CompareResult | undefined> {
  const [old, now] = [hoursOf(before), hoursOf(after)];
  return store.compare({
    metric,
    service,
    names,
    strata,
    before: old,
    after: now,
    historyFromMs: Math.min(old.fromMs, now.fromMs) - HISTORY_MS,
    zone,
    seed: SEED,
    limit,
  });
}

/** What of a period is compared: what is kept longest has the width of an hour. */
export function hoursOf(period: Period): Period {
  return { ...wholeHours(period), where: period.where };
}

function changeOf(
  { kind, scale, row }: Found,
  { after }: ChangesRequest,
  isBelieved: boolean,
  deploys: readonly Deploy[],
): ChangeRow {
  const { compared, cause } = row;
  const days = (after.toMs - after.fromMs) / DAY_MS;
  const judged = judgeChange(compared, scale, days, isBelieved);
  const { verdict, statistic, since, reason } = judged;
  const whole = verdict === 'not enough data' ? undefined : compared?.whole;
  const interval = whole?.[statistic];
  const sinceMs = since?.timeMs ?? null;
  return {
    kind: kind.kind,
    name: kind.nameOf(row.attributes),
    verdict,
    statistic,
    ratio: interval?.ratio ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    before: whole === undefined ? null : whole.before[statistic] / scale,
    after: whole === undefined ? null : whole.after[statistic] / scale,
    samplesBefore: row.before.count,
    samplesAfter: row.after.count,
    totalBefore: row.before.sum / scale,
    totalAfter: row.after.sum / scale,
    sinceMs,
    effect: effectOf(since?.effect, statistic, scale),
    cause: cause && {
      volume: cause.volume / scale,
      mix: cause.mix / scale,
      latency: cause.latency / scale,
    },
    version: deployAt(deploys, sinceMs)?.version ?? null,
    reason,
  };
}

export function effectOf(
  comparison: Comparison | undefined,
  statistic: Statistic,
  scale: number,
): Effect | null {
  if (comparison === undefined) return null;
  const { ratio, low, high } = comparison[statistic];
  const { before, after } = comparison;
  return { ratio, low, high, before: before[statistic] / scale, after: after[statistic] / scale };
}
