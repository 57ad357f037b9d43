/** The report of a day: the review's subset, against the same day of the week before. */
import { type RouteRow, routesOf } from '../views/routes.js';
import { addDays, type Range } from './calendar.js';
import { routeLines } from './cost-lines.js';
import { countedRange } from './counted-range.js';
import { databaseFigures } from './database-figures.js';
import { reportBase } from './report-base.js';
import type { CostLine, DailyReport } from './report-model.js';
import { type ReportSource, viewOf } from './report-source.js';

const SLOWEST_MAX = 5;
const DAYS_OF_WEEK = 7;

/** Undefined when nothing at all was recorded that day. */
export async function dailyReport(
  source: ReportSource,
  date: string,
  service?: string,
): Promise<DailyReport | undefined> {
  const { dayRange } = source.calendar;
  const range = countedRange(source, dayRange(date));
  const ago = (days: number): Range => countedRange(source, dayRange(addDays(date, -days)));
  const periods = {
    after: range,
    earlier: [ago(DAYS_OF_WEEK)],
    last: { after: ago(1), before: ago(1 + DAYS_OF_WEEK) },
  };
  const [{ base }, database, { routes }] = await Promise.all([
    reportBase(source, service, periods),
    databaseFigures(source, service, range),
    routesOf(source, viewOf(service, range)),
  ]);
  const { headline, quality, modules } = base;
  const isEmpty = headline.now.requests === 0 && quality.processes === 0 && modules.length === 0;
  if (isEmpty) return undefined;
  return { kind: 'daily', date, ...base, slowest: slowestOf(routes), database };
}

/** Routes by what their slowest requests take. */
function slowestOf(routes: readonly RouteRow[]): CostLine[] {
  const lines = routeLines(routes).filter(({ p95 }) => p95 !== null);
  return lines.sort((a, b) => b.p95! - a.p95!).slice(0, SLOWEST_MAX);
}
