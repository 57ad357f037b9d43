/** The tables of `tachograph top`, as lines of at most so many columns. Pure; names are neutralised. */

import type { BudgetRow } from '../collector/views/budget-states.js';
import type { JobRow } from '../collector/views/jobs.js';
import type { OperationRow } from '../collector/views/operations.js';
import type { RouteRow } from '../collector/views/routes.js';
import type { Timed } from '../collector/views/timed.js';
import type { TraceRow } from '../collector/views/traces.js';
import { limitText } from '../shared/budget-groups.js';
import { JOB } from '../shared/job-metrics.js';
import { cut, formatCount, formatPercent, formatSeconds, NONE, safeName } from './format-value.js';
import { stallTable } from './stall-table.js';
import { type Column, type Paint, table } from './table.js';
import type { HostRow, TopData } from './top-data.js';

/** Percentiles of fewer samples say nothing. */
export const SAMPLES_MIN = 20;
/** What the tables of calls have in common. */
type Shown = Omit<Timed, 'rate' | 'p99'>;

interface Table<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly nameOf: (row: Row) => string;
  readonly columns: readonly Column<Row>[];
  readonly isBad: (row: Row) => boolean;
}

function enough(row: { readonly calls: number }, seconds: number): string {
  return row.calls < SAMPLES_MIN ? NONE : formatSeconds(seconds);
}

const CALLS: Column<Shown> = { title: 'calls', width: 7, text: (row) => formatCount(row.calls) };
const RATE: Column<{ readonly rate: number }> = {
  title: 'req/s',
  width: 7,
  text: (row) => formatCount(row.rate),
};
const P50: Column<Shown> = { title: 'p50', width: 9, text: (row) => enough(row, row.p50) };
const P95: Column<Shown> = { title: 'p95', width: 9, text: (row) => enough(row, row.p95) };
const MAX: Column<Shown> = { title: 'max', width: 9, text: (row) => formatSeconds(row.max) };
const ERRORS: Column<Shown> = {
  title: 'errors',
  width: 7,
  text: (row) => formatPercent(row.errorRatio),
};
const TOTAL: Column<Shown> = { title: 'total', width: 9, text: (row) => formatSeconds(row.total) };

const QUERIES: Column<RouteRow> = {
  title: 'queries',
  width: 8,
  text: (row) => formatCount(row.queriesPerRequest),
};
const CACHED: Column<RouteRow> = {
  title: 'cached',
  width: 7,
  text: (row) => formatPercent(row.cacheHitRatio ?? undefined),
};
const ROUTE_COLUMNS: readonly Column<RouteRow>[] = [
  CALLS,
  RATE,
  P50,
  P95,
  { title: 'p99', width: 9, text: (row) => enough(row, row.p99) },
  MAX,
  ERRORS,
  { title: 'aborted', width: 8, text: (row) => formatCount(row.aborted) },
  TOTAL,
];

const BUDGET_COLUMNS: readonly Column<BudgetRow>[] = [
  { title: 'value', width: 11, text: (row) => shownIn(row, row.value) },
  { title: 'limit', width: 9, text: (row) => shownIn(row, row.valueLimit) },
  { title: 'by', width: 6, text: (row) => row.statistic },
  { title: 'values', width: 8, text: (row) => formatCount(row.samples ?? undefined) },
  { title: 'in breach', width: 11, text: (row) => `${row.groupsInBreach} of ${row.groups}` },
];

const JOB_COLUMNS: readonly Column<JobRow>[] = [
  CALLS,
  { title: 'queries', width: 8, text: (row) => formatCount(row.queriesPerCall ?? 0) },
  P50,
  P95,
  MAX,
  ERRORS,
  { title: 'retries', width: 8, text: (row) => formatCount(row.retries) },
  { title: 'wait p95', width: 9, text: (row) => (row.wait ? enough(row, row.wait.p95) : NONE) },
  TOTAL,
];

const TRACE_COLUMNS: readonly Column<TraceRow>[] = [
  { title: 'why', width: 9, text: (row) => safeName(row.reason) },
  { title: 'time', width: 9, text: (row) => formatSeconds(row.duration) },
  { title: 'queries', width: 8, text: (row) => formatCount(row.queries) },
  { title: 'trace', width: 34, text: (row) => safeName(row.traceId) },
];

const hasErrors = (row: { readonly errorRatio: number }): boolean => row.errorRatio > 0;

export function routeLines(rows: readonly RouteRow[], width: number, paint: Paint): string[] {
  if (rows.length === 0) return [paint('dim', cut('No requests in this time.', width))];
  const [calls, rate, ...others] = ROUTE_COLUMNS;
  // An application without a database, or a cache, has no use for the column.
  const own: Column<RouteRow>[] = [];
  if (rows.some(({ queriesPerRequest }) => queriesPerRequest > 0)) own.push(QUERIES);
  if (rows.some(({ cacheReadsPerRequest }) => cacheReadsPerRequest > 0)) own.push(CACHED);
  const routes: Table<RouteRow> = {
    title: 'Route',
    rows: byTotal(rows),
    nameOf: (row) => `${safeName(row.method || '?')} ${safeName(row.route || '(no route)')}`,
    columns: [calls!, rate!, ...own, ...others],
    isBad: hasErrors,
  };
  return linesOf(routes, width, paint);
}

/** The other tables, each with its head; those without rows are left out. */
export function otherTables(data: TopData, width: number, paint: Paint): string[][] {
  const operations = data.modules.flatMap(({ module, operations: rows }) =>
    rows.map((row) => ({ ...row, module })),
  );
  const tables = [
    stallTable(data.stalls, data.timeMs, width, paint),
    linesOf<HostRow>(
      {
        title: 'Outbound calls',
        rows: byTotal(data.hosts),
        nameOf: (row) => safeName(row.host || '(no host)'),
        columns: [CALLS, RATE, P50, P95, MAX, ERRORS, TOTAL],
        isBad: hasErrors,
      },
      width,
      paint,
    ),
    linesOf<OperationRow & { module: string }>(
      {
        title: 'Operations by module',
        rows: operations,
        nameOf: ({ module, operation }) =>
          safeName(module === '' ? operation : `${module}: ${operation}`),
        columns: [CALLS, RATE, P50, P95, MAX, ERRORS, TOTAL],
        isBad: hasErrors,
      },
      width,
      paint,
    ),
    linesOf<JobRow>(
      {
        title: 'Jobs and messages',
        rows: data.jobs,
        nameOf: ({ system, queue, job }) => safeName(jobTitle(system, queue, job)),
        columns: JOB_COLUMNS,
        isBad: hasErrors,
      },
      width,
      paint,
    ),
    linesOf<BudgetRow>(
      {
        title: 'Budgets in breach',
        rows: data.breaches,
        nameOf: budgetName,
        columns: BUDGET_COLUMNS,
        isBad: () => true,
      },
      width,
      paint,
    ),
    linesOf<TraceRow>(
      {
        title: 'Newest traces',
        rows: data.traces,
        nameOf: traceName,
        columns: TRACE_COLUMNS,
        isBad: ({ reason }) => reason === 'error',
      },
      width,
      paint,
    ),
  ];
  return tables.filter(({ length }) => length > 1);
}

/** What a request or a job is called, and its status. */
export function traceTitle({ attributes, statusCode }: TraceRow): string {
  const { 'http.route': route, 'http.request.method': method } = attributes;
  const name = route === undefined ? unitTitle(attributes) : `${method ?? '?'} ${route}`;
  return safeName(statusCode === null ? name : `${name} ${statusCode}`);
}

/** Of what is no request. */
function unitTitle(attributes: TraceRow['attributes']): string {
  const operation = attributes['tachograph.operation.name'];
  if (operation !== undefined) return operation;
  const [system, queue, job] = JOB.map((name) => attributes[name] ?? '');
  return jobTitle(system!, queue!, job!) || '(no name)';
}

/** A schedule has but a name. */
function jobTitle(system: string, queue: string, job: string): string {
  const from = [system, queue].filter((part) => part !== '').join(' ');
  return [from, job].filter((part) => part !== '').join(': ');
}

export function clockTime(timeMs: number): string {
  return Number.isFinite(timeMs) && Math.abs(timeMs) < 8.64e15
    ? new Date(timeMs).toISOString().slice(11, 19)
    : NONE;
}

function traceName(row: TraceRow): string {
  return `${clockTime(row.timeMs)} ${traceTitle(row)}`;
}

function budgetName({ name, attributes }: BudgetRow): string {
  return safeName([name, ...Object.values(attributes)].join(' '));
}

function shownIn({ unit }: BudgetRow, value: number | null): string {
  if (value === null) return NONE;
  return unit === 'ms' ? formatSeconds(value / 1000) : limitText(value, { unit });
}

function byTotal<Row extends { readonly total: number }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => b.total - a.total);
}

function linesOf<Row>(
  { title, rows, nameOf, columns, isBad }: Table<Row>,
  width: number,
  paint: Paint,
): string[] {
  return table(title, rows, nameOf, columns, width, paint, isBad);
}
