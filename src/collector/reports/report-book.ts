/**
 * Reports by day and week: those that were made on schedule as they were made, all others made when asked for.
 * Owned by the collector's main thread. One report is made at a time, however many ask for it.
 */
import { addDays, addWeeks } from './calendar.js';
import { dailyReport } from './daily-report.js';
import type { ReportFiles } from './report-files.js';
import type { DailyReport, Report, WeeklyReview } from './report-model.js';
import type { ReportSource } from './report-source.js';
import { weeklyReview } from './weekly-review.js';

/** What is listed though it was not made yet. */
const DAYS_MAX = 31;
const WEEKS_MAX = 26;

export interface ReportBook {
  list(): Promise<{ daily: string[]; weekly: string[] }>;
  /** Undefined when nothing was recorded then. */
  daily(date: string, service?: string): Promise<DailyReport | undefined>;
  weekly(week: string, service?: string): Promise<WeeklyReview | undefined>;
  /** Makes it anew, of all services, and keeps it. */
  keep(kind: Report['kind'], name: string): Promise<Report | undefined>;
}

export function openReportBook(source: ReportSource, files: ReportFiles): ReportBook {
  let last: Promise<unknown> = Promise.resolve();
  const making = new Map<string, Promise<Report | undefined>>();
  const make = (
    kind: Report['kind'],
    name: string,
    service?: string,
  ): Promise<Report | undefined> => {
    const key = JSON.stringify([kind, name, service]);
    const known = making.get(key);
    if (known !== undefined) return known;
    const made = last.then(
      (): Promise<Report | undefined> =>
        kind === 'daily' ? dailyReport(source, name, service) : weeklyReview(source, name, service),
    );
    making.set(key, made);
    // The next one is made whether this one could be or not.
    last = made.catch(() => {}).finally(() => making.delete(key));
    return made;
  };
  const get = async (
    kind: Report['kind'],
    name: string,
    service?: string,
  ): Promise<Report | undefined> =>
    (service === undefined ? files.read(kind, name) : undefined) ??
    (await make(kind, name, service));
  return {
    list: () => listOf(source, files),
    daily: async (date, service) => (await get('daily', date, service)) as DailyReport | undefined,
    weekly: async (week, service) =>
      (await get('weekly', week, service)) as WeeklyReview | undefined,
    async keep(kind, name) {
      const report = await make(kind, name);
      if (report !== undefined) files.write(report);
      return report;
    },
  };
}

/** What was kept, and the last days and weeks that are over and in which a process was seen. */
async function listOf(
  { store, calendar, now }: ReportSource,
  files: ReportFiles,
): Promise<{ daily: string[]; weekly: string[] }> {
  const instances = await store.instances(undefined);
  const wasSeen = ({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean =>
    instances.some(({ firstSeenMs, lastSeenMs }) => firstSeenMs < toMs && lastSeenMs >= fromMs);
  const today = calendar.dateOf(now());
  const week = calendar.weekOf(now());
  const days = Array.from({ length: DAYS_MAX }, (_, index) => addDays(today, -1 - index));
  const weeks = Array.from({ length: WEEKS_MAX }, (_, index) => addWeeks(week, -1 - index));
  const newestFirst = (names: readonly string[]): string[] => [...new Set(names)].sort().reverse();
  return {
    daily: newestFirst([
      ...files.list('daily'),
      ...days.filter((date) => wasSeen(calendar.dayRange(date))),
    ]),
    weekly: newestFirst([
      ...files.list('weekly'),
      ...weeks.filter((name) => wasSeen(calendar.weekRange(name))),
    ]),
  };
}
