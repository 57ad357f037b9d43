/**
 * Traces as text: a list, and one as a waterfall whose bars stand where its calls were. Pure functions of
 * the data and a width. Names come from services and are neutralised.
 */
import type { WaterfallSpan } from '../collector/query/waterfall.js';
import type { StallRow, TraceDetail, TraceRow } from '../collector/views/traces.js';
import { formatItems } from '../shared/format-items.js';
import { USER_HASH } from '../transport/trace-event.js';
import { cut, formatCount, formatSeconds, padCell, safeName, widthOf } from './format-value.js';
import { placeName } from './stall-table.js';
import type { Paint } from './table.js';
import { clockTime, traceTitle } from './top-tables.js';

const TIME_WIDTH = 10;
const KIND_WIDTH = 15;
const LABEL_WIDTH_MIN = 16;
const BAR_WIDTH_MIN = 10;
/** Deeper ones are not moved further in. */
const DEPTH_MAX = 8;

type Style = Parameters<Paint>[0];

/** Of the bars, by what takes the time. */
const STYLES: Readonly<Partial<Record<WaterfallSpan['kind'], Style>>> = {
  query: 'yellow',
  connection: 'yellow',
  http: 'green',
  middleware: 'dim',
};

/** What a line of a list says of a trace. `duration` in seconds. */
export interface ListedTrace {
  readonly timeMs: number;
  readonly reason: string;
  readonly duration: number;
  readonly queries: number;
  readonly traceId: string;
  readonly title: string;
  readonly service: string;
}

export function renderTraces(traces: readonly TraceRow[], width: number, paint: Paint): string {
  return traces
    .map((row) => traceLine({ ...row, title: traceTitle(row) }, width, paint))
    .join('\n');
}

export function traceLine(trace: ListedTrace, width: number, paint: Paint): string {
  const cells = [
    padCell(clockTime(trace.timeMs), 9),
    padCell(safeName(trace.reason), 8),
    padCell(formatSeconds(trace.duration), TIME_WIDTH, 'right'),
    padCell(formatItems(trace.queries, 'query', 'queries'), 13, 'right'),
  ];
  const name = `${safeName(trace.traceId)}  ${safeName(trace.title)}  ${safeName(trace.service)}`;
  const line = cut(`${cells.join('')}  ${name}`, width);
  return trace.reason === 'error' ? paint('red', line) : line;
}

export function renderTrace(trace: TraceDetail, width: number, paint: Paint): string {
  const facts = [
    `${safeName(trace.reason)}  ${formatSeconds(trace.duration)}`,
    `${formatItems(trace.queries, 'query', 'queries')} ${formatSeconds(trace.queryTime)}`,
    ...readsOf(trace),
    `middleware ${formatSeconds(trace.middlewareTime)}`,
    `${formatItems(trace.clientCalls, 'outbound call')}`,
    ...(trace.stallTime > 0 ? [`blocked ${formatSeconds(trace.stallTime)}`] : []),
  ];
  const when = Number.isFinite(trace.timeMs) ? new Date(trace.timeMs).toISOString() : '';
  const head = [
    paint('bold', cut(traceTitle(trace), width)),
    cut(facts.join('  │  '), width),
    cut(`${when}  ${safeName(trace.service)}  ${safeName(trace.agent)}`, width),
    cut(`trace ${safeName(trace.traceId)}${userOf(trace)}`, width),
    '',
  ];
  const rows = rowsOf(trace).map((row) => rowLine(row, trace.duration, width, paint));
  if (rows.length === 0) rows.push(paint('dim', cut('It called nothing that is recorded.', width)));
  if (trace.spansOmitted > 0) {
    rows.push(cut(`… and ${formatCount(trace.spansOmitted)} more that were not kept`, width));
  }
  return [...head, ...rows].join('\n');
}

function userOf({ attributes }: TraceDetail): string {
  const user = attributes[USER_HASH];
  return user === undefined ? '' : `  user ${safeName(user)}`;
}

function readsOf({ cacheHits, cacheMisses }: TraceDetail): string[] {
  if (cacheHits + cacheMisses === 0) return [];
  return [`cache ${formatItems(cacheHits, 'hit')}, ${formatItems(cacheMisses, 'miss', 'misses')}`];
}

/** A line of the waterfall. */
interface Row {
  /** In seconds. */
  readonly offset: number;
  readonly duration: number;
  readonly kind: string;
  readonly label: string;
  readonly style: Style | undefined;
}

/** Spans, and blocks among them where they began. */
function rowsOf({ spans, stalls }: TraceDetail): Row[] {
  const rows = spans.map(spanRow);
  for (const stall of stalls) {
    const next = rows.findIndex(({ offset }) => offset > stall.offset);
    rows.splice(next < 0 ? rows.length : next, 0, blockRow(stall));
  }
  return rows;
}

function spanRow(span: WaterfallSpan): Row {
  const { offset, duration, kind, label, rows, isOpen, depth, code } = span;
  const indent = '  '.repeat(Math.min(depth, DEPTH_MAX));
  const count = rows === null ? '' : `  (${formatItems(rows, 'row')})`;
  const end = isOpen ? '  (not over)' : '';
  // First, for a statement is cut and its line is what leads on.
  const place =
    code == null ? '' : `${safeName(code.file)}:${code.line} ${safeName(code.function)}  `;
  const text = `${indent}${place}${safeName(label)}${count}${end}`;
  return { offset, duration, kind, label: text, style: STYLES[kind] };
}

/** The event loop stood still, for this request or another. */
function blockRow({ offset, duration, ...place }: StallRow): Row {
  return { offset, duration, kind: 'blocked', label: placeName(place), style: 'red' };
}

function rowLine(row: Row, total: number, width: number, paint: Paint): string {
  const fixed = 2 * TIME_WIDTH + KIND_WIDTH + 2;
  const free = Math.max(0, width - fixed);
  const barWidth = Math.max(BAR_WIDTH_MIN, Math.floor(free / 2));
  const labelWidth = Math.max(LABEL_WIDTH_MIN, free - barWidth);
  const text =
    padCell(formatSeconds(row.offset), TIME_WIDTH, 'right') +
    padCell(formatSeconds(row.duration), TIME_WIDTH, 'right') +
    `  ${padCell(row.kind, KIND_WIDTH)}` +
    `${padCell(row.label, labelWidth - 1)} `;
  if (widthOf(text) >= width) return cut(text, width);
  const bar = cut(barOf(row, total, Math.min(barWidth, width - fixed - labelWidth)), barWidth);
  return text + (row.style === undefined ? bar : paint(row.style, bar));
}

/** At least one mark, within `width` whatever the times are. */
function barOf({ offset, duration }: Row, total: number, width: number): string {
  if (width < 1) return '';
  const column = (seconds: number): number =>
    total > 0 ? Math.round((Math.min(Math.max(seconds, 0), total) / total) * width) : 0;
  const from = Math.min(width - 1, column(offset));
  const length = Math.max(1, column(offset + duration) - from);
  return ' '.repeat(from) + '█'.repeat(Math.min(length, width - from));
}
