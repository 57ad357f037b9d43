/** The query strings of `/v1/changes`, `/v1/deploys` and the reports, checked and bounded. */
import type { Period } from '../query/run-compare.js';
import { type Calendar, parseDate, parseWeek } from '../reports/calendar.js';
import { HttpError } from './http-error.js';
import { parseView, textOf } from './parse-query.js';
import { badParameter, parseTime } from './parse-time.js';

export interface ParsedChanges {
  readonly service: string | undefined;
  readonly before: Period;
  readonly after: Period;
  readonly limit: number;
}

const WEEK_MS = 7 * 86_400_000;
/** Two periods are read whole, by the hour: at most so long each. */
const PERIOD_MAX_MS = 35 * 86_400_000;
const VERSION = 'service.version';
const FORMATS = ['json', 'html', 'md', 'text'] as const;
export type ReportFormat = (typeof FORMATS)[number];

/**
 * `from` and `to` are the later period. `baseline` is the earlier one, as long: `week` (the default) begins a week
 * earlier, `previous` ends where the later begins, a time is its beginning. With `version` the later is that version
 * alone; `baseline=version:X` is that version in the same range.
 * @throws {HttpError} 400
 */
export function parseChanges(params: URLSearchParams, nowMs: number): ParsedChanges {
  const { service, fromMs, toMs, limit } = parseView(params, nowMs, '-7d');
  if (toMs - fromMs > PERIOD_MAX_MS) throw badParameter('from', 'a period of at most 35 days');
  const version = textOf(params, 'version');
  const after = { fromMs, toMs, where: whereVersion(version) };
  const baseline = textOf(params, 'baseline') ?? 'week';
  if (baseline.startsWith('version:')) {
    const where = whereVersion(baseline.slice('version:'.length));
    return { service, before: { fromMs, toMs, where }, after, limit };
  }
  const startMs = baselineStart(baseline, fromMs, toMs, nowMs);
  const before = { fromMs: startMs, toMs: startMs + toMs - fromMs, where: [] };
  return { service, before, after, limit };
}

function whereVersion(version: string | undefined): Period['where'] {
  return version === undefined ? [] : [[VERSION, version]];
}

function baselineStart(baseline: string, fromMs: number, toMs: number, nowMs: number): number {
  if (baseline === 'week') return fromMs - WEEK_MS;
  if (baseline === 'previous') return fromMs - (toMs - fromMs);
  const startMs = parseTime(baseline, 'baseline', nowMs);
  if (startMs >= fromMs) {
    throw badParameter('baseline', 'week, previous, version:NAME, or a time before "from"');
  }
  return startMs;
}

/** A day that has begun; yesterday without one. @throws {HttpError} 400 */
export function parseReportDate(
  params: URLSearchParams,
  calendar: Calendar,
  nowMs: number,
): string {
  const text = textOf(params, 'date');
  if (text === undefined) {
    const { fromMs } = calendar.dayRange(calendar.dateOf(nowMs));
    return calendar.dateOf(fromMs - 1);
  }
  const date = parseDate(text);
  if (date === undefined || date > calendar.dateOf(nowMs)) {
    throw badParameter('date', 'a day until today, such as 2026-11-22');
  }
  return date;
}

/** A week that has begun; last week without one. @throws {HttpError} 400 */
export function parseReportWeek(
  params: URLSearchParams,
  calendar: Calendar,
  nowMs: number,
): string {
  const text = textOf(params, 'week');
  const { fromMs } = calendar.weekRange(calendar.weekOf(nowMs));
  if (text === undefined) return calendar.weekOf(fromMs - 1);
  const week = parseWeek(text);
  if (week === undefined || calendar.weekRange(week).fromMs > nowMs) {
    throw badParameter('week', 'an ISO week until this one, such as 2026-W47');
  }
  return week;
}

/** @throws {HttpError} 400 */
export function parseFormat(params: URLSearchParams): ReportFormat {
  const text = textOf(params, 'format') ?? 'json';
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw badParameter('format', FORMATS.join(', '));
  return format;
}

export function noReport(what: string): HttpError {
  return new HttpError(404, 'no_data', `nothing was recorded in ${what}, or it is past retention.`);
}
