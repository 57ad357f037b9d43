/** The rows of a waterfall: spans, and blocks of the event loop among them where they began. Pure. */
import type { Span, TracePart, TraceStall } from '../api/answers.js';
import { plural } from '../parts/format-value.js';

export interface WaterfallRow {
  readonly kind: string;
  readonly label: string;
  readonly offset: number;
  readonly duration: number;
  readonly depth: number;
  readonly note: string;
}

export function waterfallRows({
  spans,
  stalls,
}: Pick<TracePart, 'spans' | 'stalls'>): WaterfallRow[] {
  return [...spans.map(spanRow), ...stalls.map(blockRow)].sort((a, b) => a.offset - b.offset);
}

export function placeText({
  function: name,
  file,
  line,
  isApproximate,
}: Omit<TraceStall, 'offset' | 'duration'>): string {
  if (file === null) return '(not looked into)';
  return `${name || '(anonymous)'}  ${isApproximate ? '~' : ''}${file}:${line ?? '?'}`;
}

function spanRow({ kind, label, offset, duration, depth, rows, isOpen, code }: Span): WaterfallRow {
  const place = code == null ? '' : `${code.file}:${code.line} ${code.function}`;
  const notes = [place, rows === null ? '' : plural(rows, 'row'), isOpen ? 'not over' : ''];
  return { kind, label, offset, duration, depth, note: notes.filter(Boolean).join(', ') };
}

function blockRow({ offset, duration, ...place }: TraceStall): WaterfallRow {
  return { kind: 'blocked', label: placeText(place), offset, duration, depth: 0, note: '' };
}
