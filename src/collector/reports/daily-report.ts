/** The report of a day: the review's subset, against the same day of the week before. */
import { addDays } from './calendar.js';
import type { ChangeRow } from './changes.js';
import { databaseFigures } from './database-figures.js';
import { SAMPLES_MIN } from './figures.js';
import { reportBase } from './report-base.js';
import type { CostLine, DailyReport } from './report-model.js';
import type { ReportSource } from './report-source.js';

const SLOWEST_MAX = 5;
const DAYS_OF_WEEK = 7;

/** Undefined when nothing at all was recorded that day. */
export async function dailyReport(
  source: ReportSource,
  date: string,
  service?: string,
): Promise<DailyReport | undefined> {
  const { dayRange } = source.calendar;
  const range = dayRange(date);
  const earlier = [1, 2].map((weeks) => dayRange(addDays(date, -weeks * DAYS_OF_WEEK)));
  const [{ base, changes }, database] = await Promise.all([
    reportBase(source, service, range, earlier),
    databaseFigures(source, service, range),
  ]);
  const { headline, quality, modules } = base;
  const isEmpty = headline.now.requests === 0 && quality.processes === 0 && modules.length === 0;
  if (isEmpty) return undefined;
  return { kind: 'daily', date, ...base, slowest: slowestOf(changes.rows), database };
}

/** Routes by what their slowest requests take. */
function slowestOf(rows: readonly ChangeRow[]): CostLine[] {
  const routes = rows.filter(({ kind }) => kind === 'route');
  const total = routes.reduce((sum, row) => sum + row.totalAfter, 0);
  return routes
    .filter(({ samplesAfter, after }) => samplesAfter >= SAMPLES_MIN && after !== null)
    .sort((a, b) => b.after! - a.after!)
    .slice(0, SLOWEST_MAX)
    .map(({ kind, name, samplesAfter, totalAfter, after }) => ({
      kind,
      name,
      calls: samplesAfter,
      total: totalAfter,
      share: total === 0 ? 0 : totalAfter / total,
      p95: after,
    }));
}
