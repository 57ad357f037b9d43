/** The routes of reports, changes and deploys. docs/reference/api.md describes them. */
import type { Context, Hono } from 'hono';
import { type Changes, changesOf, hoursOf } from '../reports/changes.js';
import { deploysOf } from '../reports/deploys.js';
import type { Reports } from '../reports/open-reports.js';
import { renderReport } from '../reports/render-report.js';
import type { Report } from '../reports/report-model.js';
import { KeptAnswers } from './kept-answers.js';
import {
  noReport,
  parseChanges,
  parseFormat,
  parseReportDate,
  parseReportWeek,
  type ReportFormat,
} from './parse-changes.js';
import { parseView, textOf } from './parse-query.js';

/** A page that is only looked at: it loads, runs and is framed by nothing. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
const TYPES: Readonly<Record<Exclude<ReportFormat, 'json'>, string>> = {
  html: 'text/html; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};

export function addReportRoutes(app: Hono, { source, book }: Reports): void {
  const { store, calendar, now } = source;
  const changes = new KeptAnswers<Changes>(() => performance.now());
  const parameters = (url: string): URLSearchParams => new URL(url).searchParams;
  app.get('/v1/changes', async (context) => {
    const request = { ...parseChanges(parameters(context.req.url), now()), zone: calendar.zone };
    // The same until the next hour begins.
    const compared = { before: hoursOf(request.before), after: hoursOf(request.after) };
    const key = JSON.stringify({ ...request, ...compared });
    return context.json(await changes.get(key, () => changesOf(store, request)));
  });
  app.get('/v1/deploys', async (context) => {
    const { service, fromMs, toMs, limit } = parseView(parameters(context.req.url), now(), '-90d');
    const deploys = (await deploysOf(store, service)).filter(
      ({ atMs }) => atMs >= fromMs && atMs < toMs,
    );
    return context.json({ deploys: deploys.slice(0, limit) });
  });
  app.get('/v1/reports', async (context) => context.json(await book.list()));
  app.get('/v1/reports/daily', async (context) => {
    const params = parameters(context.req.url);
    const date = parseReportDate(params, calendar, now());
    const format = parseFormat(params);
    return answer(context, await book.daily(date, textOf(params, 'service')), format, date);
  });
  app.get('/v1/reports/weekly', async (context) => {
    const params = parameters(context.req.url);
    const week = parseReportWeek(params, calendar, now());
    const format = parseFormat(params);
    return answer(context, await book.weekly(week, textOf(params, 'service')), format, week);
  });
}

function answer(
  context: Context,
  report: Report | undefined,
  format: ReportFormat,
  name: string,
): Response {
  if (report === undefined) throw noReport(name);
  if (format === 'json') return context.json(report);
  context.header('content-security-policy', PAGE_POLICY);
  context.header('content-type', TYPES[format]);
  return context.body(renderReport(report, format));
}
