/**
 * The spans of a trace as a waterfall: in the order in which they began, each under the one that it
 * ran in. Nobody recorded that: a span lies in another when its time does, and when the other is of a
 * kind that can call (a query calls nothing, so two at a time are siblings). Pure; linear but for the sort.
 */
import type { TraceSpan } from '../../transport/trace-event.js';
import { type SpanKind, spanKind, spanLabel } from './span-label.js';

export interface WaterfallSpan {
  readonly kind: SpanKind;
  readonly label: string;
  /** Seconds from the start of the trace. */
  readonly offset: number;
  readonly duration: number;
  /** Index of the span that it ran in, among the spans; null: the request or job itself. */
  readonly parent: number | null;
  readonly depth: number;
  /** Rows of a query, where they are known. */
  readonly rows: number | null;
  /** It was not over when the request or job was: its duration is until then. */
  readonly isOpen: boolean;
  /** Of a query: where the application makes it, where a finding has told. */
  readonly code: SpanCode | null;
  /** Its metric, and the attributes of its series. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SpanCode {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

/** Start and duration are cut to whole µs each, so an inner span may seem to end later. */
const TOLERANCE_US = 2;

/** `codeOf` knows the lines of queries. */
export function waterfallOf(
  spans: readonly TraceSpan[],
  codeOf: (attributes: TraceSpan['attributes']) => SpanCode | null = () => null,
): WaterfallSpan[] {
  const rows: WaterfallSpan[] = [];
  /** Spans that may contain the next one, the innermost last. */
  const open: { readonly endUs: number; readonly index: number }[] = [];
  for (const { name, attributes, startUs, durationUs, detail, isOpen } of inOrder(spans)) {
    const endUs = startUs + durationUs;
    while (open.length > 0 && open.at(-1)!.endUs + TOLERANCE_US < endUs) open.pop();
    const kind = spanKind(name);
    rows.push({
      kind,
      label: spanLabel(name, attributes),
      offset: startUs / 1e6,
      duration: durationUs / 1e6,
      parent: open.at(-1)?.index ?? null,
      depth: open.length,
      rows: kind === 'query' && detail >= 0 ? detail : null,
      isOpen: isOpen === true,
      code: kind === 'query' ? codeOf(attributes) : null,
      name,
      attributes,
    });
    if (canCall(kind)) open.push({ endUs, index: rows.length - 1 });
  }
  return rows;
}

/** By start; of two that begin together the longer first, and of equals the one that ended later. */
function inOrder(spans: readonly TraceSpan[]): TraceSpan[] {
  return spans
    .map((span, i) => ({ span, i }))
    .sort(
      (a, b) =>
        a.span.startUs - b.span.startUs || b.span.durationUs - a.span.durationUs || b.i - a.i,
    )
    .map(({ span }) => span);
}

function canCall(kind: SpanKind): boolean {
  return kind !== 'query' && kind !== 'connection' && kind !== 'http';
}
