/**
 * What a report says, as plain data: the JSON that is served, kept and rendered. Durations in seconds, times in
 * Unix ms. A daily report is a subset of the weekly review.
 */
import type { Cause } from '../statistics/decompose.js';
import type { Verdict } from '../statistics/verdict.js';
import type { ArrivalRow, ChangeRow, Effect } from './changes.js';
import type { CodeLine, Recommendation, Vital } from './evidence.js';

/** Requests of a period. Percentiles are null below 20 samples. */
export interface Figures {
  readonly requests: number;
  readonly requestsPerDay: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly errorRatio: number | null;
  /** Of all requests. */
  readonly total: number;
}

export interface Headline {
  readonly now: Figures;
  /** The week before, or the same day a week before. */
  readonly before: Figures | null;
  /** Of the four weeks before, figure by figure; daily: null. */
  readonly median: Figures | null;
  readonly verdict: Verdict;
  readonly change: Effect | null;
  /** Of the difference of the total time, over routes. */
  readonly cause: Cause | null;
}

export interface Quality {
  readonly hours: number;
  readonly hoursWithData: number;
  readonly services: readonly string[];
  readonly processes: number;
  readonly recorded: number;
  readonly received: number;
  readonly dropped: number;
  readonly isBalanced: boolean;
  /** What the reader has to know before believing the rest. */
  readonly notes: readonly string[];
}

export interface ModuleLine {
  readonly module: string;
  readonly calls: number;
  readonly total: number;
  readonly totalBefore: number | null;
  readonly errorRatio: number;
  readonly slowest: { readonly operation: string; readonly p95: number } | null;
  /** Names of budgets of its operations that are over their limit. */
  readonly breaches: readonly string[];
}

/** A change with what explains it. */
export interface ExplainedChange extends ChangeRow {
  readonly code: CodeLine | null;
  readonly why: string | null;
}

/** Changes that came together. */
export interface ChangeGroup {
  readonly sinceMs: number | null;
  readonly deploy: { readonly version: string; readonly atMs: number } | null;
  /** What blocks the event loop since then, and did not before. */
  readonly blockedBy: (CodeLine & { readonly count: number; readonly max: number }) | null;
  readonly rows: readonly ExplainedChange[];
}

export interface CostLine {
  readonly kind: ChangeRow['kind'];
  readonly name: string;
  readonly calls: number;
  readonly total: number;
  /** Of the total of its kind. */
  readonly share: number;
  readonly p95: number | null;
}

export interface PoolLine {
  readonly pool: string;
  readonly used: number;
  readonly usedMax: number;
  readonly limit: number | null;
  readonly waitingMax: number;
}

export interface DatabaseFigures {
  readonly queries: number;
  readonly mean: number | null;
  readonly p95: number | null;
  readonly slowQueries: number;
  /** What counts as slow. */
  readonly slowLimit: number;
  /** By their 95th percentile. */
  readonly slowest: readonly CostLine[];
  /** By their time in all. */
  readonly costliest: readonly CostLine[];
  readonly pools: readonly PoolLine[];
}

export interface CapacityLine {
  readonly resource: string;
  /** Shares of the limit. */
  readonly now: number;
  readonly peak: number;
  /** Of the limit, a day; null when no trend is shown. */
  readonly perDay: number | null;
  readonly daysToLimit: number | null;
}

export interface NotJudged {
  readonly what: string;
  readonly why: string;
}

interface ReportBase {
  readonly service: string | null;
  readonly zone: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly madeMs: number;
  readonly verdict: ReportVerdict;
  readonly quality: Quality;
  /** Which times were counted, where they are not the zone's days; absent in reports that were kept before it was. */
  readonly times?: readonly string[];
  readonly headline: Headline;
  readonly modules: readonly ModuleLine[];
  readonly regressions: readonly ChangeGroup[];
  /** Named before, and still so. */
  readonly continuing: readonly ExplainedChange[];
  readonly improvements: readonly ChangeGroup[];
  readonly recommendations: readonly Recommendation[];
  readonly notJudged: readonly NotJudged[];
}

export interface ReportVerdict {
  readonly state: 'worse' | 'better' | 'mixed' | 'steady' | 'cannot tell';
  readonly sentence: string;
}

export interface DailyReport extends ReportBase {
  readonly kind: 'daily';
  readonly date: string;
  readonly slowest: readonly CostLine[];
  readonly database: DatabaseFigures;
}

export interface WeeklyReview extends ReportBase {
  readonly kind: 'weekly';
  readonly week: string;
  readonly verifiedFixes: readonly Recommendation[];
  readonly appeared: readonly ArrivalRow[];
  readonly vanished: readonly ArrivalRow[];
  readonly topCost: readonly CostLine[];
  readonly database: DatabaseFigures;
  readonly browser: readonly Vital[] | null;
  readonly capacity: readonly CapacityLine[];
}

export type Report = DailyReport | WeeklyReview;
