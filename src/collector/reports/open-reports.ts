/** The collector's reports as one thing: where they come from, the book of them, and their schedule. */
import type { ViewSource } from '../views/view-request.js';
import { createCalendar, localZone } from './calendar.js';
import type { Evidence } from './evidence.js';
import { openReportBook, type ReportBook } from './report-book.js';
import { openReportFiles } from './report-files.js';
import type { ReportSource } from './report-source.js';
import { type ReportMail, type Schedule, startSchedule } from './schedule.js';

export interface ReportOptions {
  /** Time zone of days and weeks, by its IANA name; that of this process by default. */
  readonly zone?: string;
  /** Minutes after midnight at which reports are made; not on a schedule when absent. */
  readonly atMinute?: number | undefined;
  /** Whom they are sent to; nobody when absent. */
  readonly mail?: ReportMail | undefined;
  readonly evidence?: Evidence;
}

export interface Reports {
  readonly source: ReportSource;
  readonly book: ReportBook;
  readonly schedule: Schedule | undefined;
}

export interface ReportPlace {
  /** The data folder. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

export function openReports(
  view: ViewSource,
  { folder, log }: ReportPlace,
  { zone, atMinute, mail, evidence = {} }: ReportOptions = {},
): Reports {
  const calendar = createCalendar(zone ?? localZone());
  const source: ReportSource = { ...view, calendar, evidence };
  const files = openReportFiles(folder);
  const book = openReportBook(source, files);
  const parts = { book, files, calendar, mail, now: view.now, log };
  const schedule = atMinute === undefined ? undefined : startSchedule({ ...parts, atMinute });
  return { source, book, schedule };
}
