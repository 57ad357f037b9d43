/**
 * What is worth mending, ranked by the milliseconds that it costs a day: blocks of the event loop, findings
 * of queries, and routes and others over their budgets. Pure.
 */
import type { BreachRow, FindingRow, StallRow } from '../../api/health-answers.js';
import { placeText } from '../../charts/waterfall-rows.js';
import { formatBudget, formatSeconds, plural } from '../../parts/format-value.js';
import { groupTitle } from './budget-title.js';

export interface Attention {
  readonly key: string;
  readonly what: string;
  readonly name: string;
  readonly why: string;
  /** Seconds a day; null of what has no time: a share, a count. */
  readonly perDay: number | null;
  /** From what was recorded of a longer time, or from a value above a limit. */
  readonly isEstimate: boolean;
  readonly method: string | null;
  readonly route: string | null;
  readonly traceId: string | null;
}

const DAY_SECONDS = 86_400;
const NO_PLACE = { method: null, route: null, traceId: null } as const;

export interface AttentionSources {
  readonly findings: readonly FindingRow[];
  readonly stalls: readonly StallRow[];
  readonly breaches: readonly BreachRow[];
  /** In which all of them were. */
  readonly recordedSeconds: number;
}

export function attentionOf(sources: AttentionSources): Attention[] {
  const { findings, stalls, breaches, recordedSeconds } = sources;
  const aDay = DAY_SECONDS / recordedSeconds;
  const all = [
    ...findings.map(ofFinding),
    ...stalls.map((row) => ofStall(row, aDay)),
    ...breaches.map((row) => ofBreach(row, aDay)),
  ];
  return all.sort((a, b) => (b.perDay ?? -1) - (a.perDay ?? -1));
}

function ofFinding(row: FindingRow): Attention {
  const where = row.code === null ? '' : ` at ${row.code.file}:${row.code.line}`;
  return {
    key: `finding ${row.id}`,
    what: row.kind.replaceAll('_', ' '),
    name: row.route === null ? (row.operation ?? row.query) : `${row.method ?? ''} ${row.route}`,
    why: `${row.query}${where}. ${row.fix}`,
    perDay: row.perDay,
    isEstimate: true,
    method: row.method,
    route: row.route,
    traceId: row.traceId,
  };
}

function ofStall(row: StallRow, aDay: number): Attention {
  const isApproximate = row.approximate === row.count;
  return {
    key: `stall ${row.service} ${row.file} ${row.line} ${row.function}`,
    what: 'blocks the event loop',
    name: placeText({ ...row, isApproximate }),
    why: `${plural(row.count, 'block')}, the longest ${formatSeconds(row.max)}`,
    perDay: row.sum * aDay,
    isEstimate: true,
    ...NO_PLACE,
  };
}

function ofBreach(row: BreachRow, aDay: number): Attention {
  const { attributes, unit, value, limit, above } = row;
  const over = unit === 'ms' ? ((value - limit) / 1000) * above * aDay : null;
  return {
    key: `breach ${row.service} ${row.budget} ${JSON.stringify(attributes)}`,
    what: 'over budget',
    name: groupTitle(attributes) || row.budget,
    why:
      `${row.budget} is ${formatBudget(value, unit)}, allowed ${formatBudget(limit, unit)}; ` +
      `${plural(above, 'value')} above it`,
    perDay: over,
    isEstimate: true,
    method: attributes['http.request.method'] ?? null,
    route: attributes['http.route'] ?? null,
    traceId: null,
  };
}
