/** What is more frequent, or greater, in some traces than in the others: where to look. Pure. */
import type { TraceRow } from '../../api/answers.js';
import type { Selection } from '../../charts/heatmap-cells.js';

export interface Difference {
  readonly name: string;
  readonly inside: number;
  readonly outside: number;
  /** From 0 to 1; else a number of its own. */
  readonly isShare: boolean;
}

/** Fewer on a side say nothing. */
const TRACES_MIN = 3;
const ROWS_MAX = 8;
/** A share that differs by less is chance more often than not. */
const SHARE_MIN = 0.15;

/** A request is counted when it ends, so that is when it is in a column; the time of a trace is its start. */
export function isIn(selection: Selection, { timeMs, duration }: TraceRow): boolean {
  const { fromMs, toMs, minSeconds, maxSeconds } = selection;
  const endMs = timeMs + duration * 1000;
  return endMs >= fromMs && endMs < toMs && duration >= minSeconds && duration <= maxSeconds;
}

export function compareTraces(
  inside: readonly TraceRow[],
  outside: readonly TraceRow[],
): Difference[] {
  if (inside.length < TRACES_MIN || outside.length < TRACES_MIN) return [];
  return [...shares(inside, outside), ...numbers(inside, outside)].slice(0, ROWS_MAX);
}

/** Values that traces have or have not. */
function shares(inside: readonly TraceRow[], outside: readonly TraceRow[]): Difference[] {
  const names = new Set([...inside, ...outside].flatMap(valuesOf));
  const shareOf = (traces: readonly TraceRow[], name: string): number =>
    traces.filter((trace) => valuesOf(trace).includes(name)).length / traces.length;
  return [...names]
    .map((name) => ({
      name,
      inside: shareOf(inside, name),
      outside: shareOf(outside, name),
      isShare: true,
    }))
    .filter((row) => Math.abs(row.inside - row.outside) >= SHARE_MIN)
    .sort((a, b) => Math.abs(b.inside - b.outside) - Math.abs(a.inside - a.outside));
}

function valuesOf({ statusCode, reason, service, agent, attributes }: TraceRow): string[] {
  const own = Object.entries(attributes)
    .filter(([name]) => !name.startsWith('http.'))
    .map(([name, value]) => `${name} ${value}`);
  const status = statusCode === null ? [] : [`status ${statusCode}`];
  return [...status, `kept as ${reason}`, `service ${service}`, `process ${agent}`, ...own];
}

type Measure = readonly [name: string, isShare: boolean, of: (trace: TraceRow) => number];

const MEASURES: readonly Measure[] = [
  ['queries', false, ({ queries }) => queries],
  ['share of time in queries', true, ({ queryTime, duration }) => ratio(queryTime, duration)],
  ['share of time blocked', true, ({ stallTime, duration }) => ratio(stallTime, duration)],
  [
    'share of time in middleware',
    true,
    ({ middlewareTime, duration }) => ratio(middlewareTime, duration),
  ],
  ['outbound calls', false, ({ clientCalls }) => clientCalls],
  ['cache misses', false, ({ cacheMisses }) => cacheMisses],
];

function ratio(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}

function numbers(inside: readonly TraceRow[], outside: readonly TraceRow[]): Difference[] {
  return MEASURES.map(([name, isShare, of]) => ({
    name,
    inside: mean(inside.map(of)),
    outside: mean(outside.map(of)),
    isShare,
  })).filter((row) =>
    row.isShare
      ? Math.abs(row.inside - row.outside) >= SHARE_MIN
      : Math.abs(row.inside - row.outside) >= Math.max(1, 0.25 * row.outside),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
