/** The spans of a kept trace, from its line of the NDJSON destination. */
import { readTrace, type TraceSpan } from '../../src/transport/trace-event.js';
import type { Line } from './run-app.js';

export function spansOf(line: Line | undefined): readonly TraceSpan[] {
  const trace = readTrace(0, line as unknown as Readonly<Record<string, string>>);
  if (trace === undefined) throw new Error(`expected a trace, got ${JSON.stringify(line)}`);
  return trace.spans;
}
