/**
 * Traces as text: a list, and one as a waterfall whose bars stand where its calls were. Pure functions of
 * the data and a width. Names come from services and are neutralised.
 */
import type { WaterfallSpan } from '../collector/query/waterfall.js';
import type { TraceDetail, TraceRow } from '../collector/views/traces.js';
import { cut, formatCount, formatItems, formatSeconds, padCell, safeName } from './format-value.js';
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

export function renderTraces(traces: readonly TraceRow[], width: number, paint: Paint): string {
  const lines = traces.map((row) => {
    const cells = [
      padCell(clockTime(row.timeMs), 9),
      padCell(safeName(row.reason), 8),
      padCell(formatSeconds(row.duration), TIME_WIDTH, 'right'),
      padCell(formatItems(row.queries, 'query', 'queries'), 13, 'right'),
    ];
    const name = `${safeName(row.traceId)}  ${traceTitle(row)}  ${safeName(row.service)}`;
    const line = cut(`${cells.join('')}  ${name}`, width);
    return row.reason === 'error' ? paint('red', line) : line;
  });
  return lines.join('\n');
}

export function renderTrace(trace: TraceDetail, width: number, paint: Paint): string {
  const facts = [
    `${safeName(trace.reason)}  ${formatSeconds(trace.duration)}`,
    `${formatItems(trace.queries, 'query', 'queries')} ${formatSeconds(trace.queryTime)}`,
    ...readsOf(trace),
    `middleware ${formatSeconds(trace.middlewareTime)}`,
    `${formatItems(trace.clientCalls, 'outbound call')}`,
  ];
  const when = Number.isFinite(trace.timeMs) ? new Date(trace.timeMs).toISOString() : '';
  const head = [
    paint('bold', cut(traceTitle(trace), width)),
    cut(facts.join('  │  '), width),
    cut(`${when}  ${safeName(trace.service)}  ${safeName(trace.agent)}`, width),
    cut(`trace ${safeName(trace.traceId)}`, width),
    '',
  ];
  const rows = trace.spans.map((span) => spanLine(span, trace.duration, width, paint));
  if (rows.length === 0) rows.push(paint('dim', cut('It called nothing that is recorded.', width)));
  if (trace.spansOmitted > 0) {
    rows.push(cut(`… and ${formatCount(trace.spansOmitted)} more that were not kept`, width));
  }
  return [...head, ...rows].join('\n');
}

function readsOf({ cacheHits, cacheMisses }: TraceDetail): string[] {
  if (cacheHits + cacheMisses === 0) return [];
  return [`cache ${formatItems(cacheHits, 'hit')}, ${formatItems(cacheMisses, 'miss', 'misses')}`];
}

function spanLine(span: WaterfallSpan, total: number, width: number, paint: Paint): string {
  const fixed = 2 * TIME_WIDTH + KIND_WIDTH + 2;
  const free = Math.max(0, width - fixed);
  const barWidth = Math.max(BAR_WIDTH_MIN, Math.floor(free / 2));
  const labelWidth = Math.max(LABEL_WIDTH_MIN, free - barWidth);
  const rows = span.rows === null ? '' : `  (${formatItems(span.rows, 'row')})`;
  const end = span.isOpen ? '  (not over)' : '';
  const indent = '  '.repeat(Math.min(span.depth, DEPTH_MAX));
  const text =
    padCell(formatSeconds(span.offset), TIME_WIDTH, 'right') +
    padCell(formatSeconds(span.duration), TIME_WIDTH, 'right') +
    `  ${padCell(span.kind, KIND_WIDTH)}` +
    `${padCell(`${indent}${safeName(span.label)}${rows}${end}`, labelWidth - 1)} `;
  if (text.length >= width) return cut(text, width);
  const bar = cut(barOf(span, total, Math.min(barWidth, width - fixed - labelWidth)), barWidth);
  const style = STYLES[span.kind];
  return text + (style === undefined ? bar : paint(style, bar));
}

/** At least one mark, within `width` whatever the times are. */
function barOf({ offset, duration }: WaterfallSpan, total: number, width: number): string {
  if (width < 1) return '';
  const column = (seconds: number): number =>
    total > 0 ? Math.round((Math.min(Math.max(seconds, 0), total) / total) * width) : 0;
  const from = Math.min(width - 1, column(offset));
  const length = Math.max(1, column(offset + duration) - from);
  return ' '.repeat(from) + '█'.repeat(Math.min(length, width - from));
}
