/**
 * Makes the report of yesterday and, on Mondays, the review of last week, at a time of the collector's zone; mails
 * them where that is set up. Every hour it looks what is due, so that what was missed while the collector was down, or
 * could not be mailed, is made up for within two days. Runs on the collector's main thread.
 */
import { Cron } from 'croner';
import type { Mail } from '../../alerts/notify/send-mail.js';
import type { Calendar } from './calendar.js';
import { renderReport } from './render-report.js';
import type { ReportBook } from './report-book.js';
import type { ReportFiles } from './report-files.js';
import type { Report } from './report-model.js';

export interface ReportMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly send: (mail: Mail) => Promise<void>;
}

export interface ScheduleParts {
  readonly book: ReportBook;
  readonly files: ReportFiles;
  readonly calendar: Calendar;
  /** Minutes after midnight. */
  readonly atMinute: number;
  readonly mail: ReportMail | undefined;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

export interface Schedule {
  /** Makes and mails what is due; calls do not overlap. */
  run(): Promise<void>;
  /** Stops, and waits for what is being made. */
  close(): Promise<void>;
}

/** Older ones are news no more. */
const MAIL_AGE_MAX_MS = 2 * 86_400_000;
const MINUTES_OF_HOUR = 60;

export function startSchedule(parts: ScheduleParts): Schedule {
  let running = Promise.resolve();
  const run = (): Promise<void> => {
    running = running
      .then(() => runDue(parts))
      .catch((error: Error) => {
        parts.log(`tachograph collector: report: ${error.message}`);
      });
    return running;
  };
  const minute = parts.atMinute % MINUTES_OF_HOUR;
  const cron = new Cron(`${minute} * * * *`, { timezone: parts.calendar.zone, unref: true }, run);
  return {
    run,
    async close() {
      cron.stop();
      await running;
    },
  };
}

async function runDue(parts: ScheduleParts): Promise<void> {
  for (const { kind, name } of dueAt(parts)) {
    const { files, book, mail, log } = parts;
    let report = files.read(kind, name);
    if (report === undefined) report = await book.keep(kind, name);
    if (report === undefined || mail === undefined || files.isMailed(kind, name)) continue;
    try {
      await mail.send(mailOf(report, mail));
      files.setMailed(kind, name);
    } catch (error) {
      log(
        `tachograph collector: the ${kind} report of ${name} was not mailed, and will be tried again: ${(error as Error).message}`,
      );
    }
  }
}

/** Reports whose time has come, and not long ago. */
function dueAt({
  calendar,
  atMinute,
  now,
}: ScheduleParts): { kind: Report['kind']; name: string }[] {
  const nowMs = now();
  const today = calendar.dayRange(calendar.dateOf(nowMs)).fromMs;
  const monday = calendar.weekRange(calendar.weekOf(nowMs)).fromMs;
  // By the clock on the wall, whatever it did since midnight.
  const [hours, minutes] = calendar.clockOf(nowMs).slice(-5).split(':').map(Number);
  const isTime = hours! * MINUTES_OF_HOUR + minutes! >= atMinute;
  const isDue = (startMs: number): boolean =>
    (startMs < today || isTime) && nowMs - startMs < MAIL_AGE_MAX_MS;
  const due: { kind: Report['kind']; name: string }[] = [];
  // What could not be mailed for a day is made up for, the older one first.
  const yesterday = calendar.dayRange(calendar.dateOf(today - 1)).fromMs;
  for (const startMs of [yesterday, today]) {
    if (isDue(startMs)) due.push({ kind: 'daily', name: calendar.dateOf(startMs - 1) });
  }
  if (isDue(monday)) due.push({ kind: 'weekly', name: calendar.weekOf(monday - 1) });
  return due;
}

/** A report as a mail; the subject says the verdict, and of which service where it is of one. */
export function mailOf(report: Report, { from, to }: Pick<ReportMail, 'from' | 'to'>): Mail {
  const name =
    report.kind === 'daily' ? `Daily report ${report.date}` : `Weekly review ${report.week}`;
  const of = report.service === null ? '' : ` · ${report.service}`;
  return {
    from,
    to,
    subject: `${name}${of}: ${report.verdict.sentence}`,
    text: renderReport(report, 'text'),
    html: renderReport(report, 'html'),
  };
}
