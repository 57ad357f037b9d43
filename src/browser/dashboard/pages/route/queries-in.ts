/** The queries of several traces, each once, those first that take most time. Pure. */
import type { TracePart } from '../../api/answers.js';

export interface TraceQuery {
  readonly label: string;
  readonly calls: number;
  readonly total: number;
  /** Null where no call told. */
  readonly rows: number | null;
  /** File and line that make it; null where they are not known. */
  readonly place: string | null;
}

const QUERIES_MAX = 12;

export function queriesIn(parts: readonly TracePart[]): TraceQuery[] {
  const found = new Map<string, TraceQuery>();
  for (const { kind, label, duration, rows, code } of parts.flatMap(({ spans }) => spans)) {
    if (kind !== 'query') continue;
    const known = found.get(label) ?? { label, calls: 0, total: 0, rows: null, place: null };
    found.set(label, {
      label,
      calls: known.calls + 1,
      total: known.total + duration,
      rows: rows === null ? known.rows : (known.rows ?? 0) + rows,
      place: known.place ?? (code == null ? null : `${code.file}:${code.line}`),
    });
  }
  return [...found.values()].sort((a, b) => b.total - a.total).slice(0, QUERIES_MAX);
}
