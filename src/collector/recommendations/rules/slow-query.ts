/**
 * Rule: a query over its budget that is far slower than others of its class, and that no other advice explains. The
 * plan says why; this says which. Where all are slow, it is not the query: see ./slow-database.ts.
 */
import { BUDGETS } from '../../../shared/budgets.js';
import type { QueryRow } from '../../views/queries.js';
import type { Evidence } from '../evidence/evidence.js';
import { inADay, items, percent, quoted, time } from '../words.js';
import { CALLS_MIN, type Rule } from './rule.js';

/** From the class of a statement to the budget that judges it. */
const BUDGET_OF: Readonly<Record<string, string>> = {
  simple: 'simple_query',
  complex: 'complex_query',
  write: 'write_operation',
};
/** Its p50 over the usual one of its class: an index or a plan, not the machine. */
const OUTLIER_MIN = 2;
/** Fewer others of its class say nothing of what is usual. */
const OTHERS_MIN = 3;

export const slowQuery: Rule = (evidence) => {
  const { findings, advice, queries, recordedMs } = evidence;
  const explained = new Set([
    ...advice.map(({ query }) => query),
    ...findings.filter(({ kind }) => kind === 'unbounded_read').map(({ query }) => query),
  ]);
  const all = queries.reduce((sum, { total }) => sum + total, 0);
  return overBudget(evidence)
    .filter(({ query }) => !explained.has(query.text) && isOutlier(query, queries))
    .map(({ query, limit }) => {
      const mean = query.total / query.calls;
      const code =
        findings.find(({ kind, query: text }) => kind === 'slow_query' && text === query.text)
          ?.code ?? null;
      return {
        type: 'slow_query',
        subject: `${query.system} ${query.text}`,
        title: `Slow query on ${query.collection || query.system}${code === null ? '' : `, ${code.file}:${code.line}`}`,
        finding: `p95 of ${quoted(query.text)} is ${time(query.p95)}; its budget is ${time(limit)}.`,
        evidence: [
          `${items(query.calls, 'call')}, ${time(query.total)} in all: ${percent(query.total / all)} of the time of all queries.`,
          `p50 ${time(query.p50)}, longest ${time(query.max)}.`,
        ],
        // What is left of each call when it keeps its budget.
        costPerDay: inADay(Math.max(0, mean - limit) * query.calls, recordedMs),
        fix: {
          text:
            'Look at its plan: a table that is read whole wants an index, a join of many rows a narrower condition. ' +
            '"tachograph advise" does it and proposes the index.',
          code: explainOf(query),
          language: 'sql' as const,
        },
        confidence: 'medium' as const,
        verification: `p95 of the query is under ${time(limit)}.`,
        query: query.text,
        code: code && { file: code.file, line: code.line },
        measure: { kind: 'query', text: query.text } as const,
      };
    });
};

export interface OverBudget {
  readonly query: QueryRow;
  /** Seconds. */
  readonly limit: number;
}

/** Queries that are made often enough and keep no budget. */
export function overBudget({ budgets, queries }: Evidence): OverBudget[] {
  return queries.flatMap((query) => {
    const isName = ({ name }: { readonly name: string }): boolean =>
      name === BUDGET_OF[query.class];
    const limit = (budgets.find(isName) ?? BUDGETS.find(isName))?.limit;
    if (limit === undefined || query.text === '' || query.calls < CALLS_MIN) return [];
    return query.p95 > limit / 1000 ? [{ query, limit: limit / 1000 }] : [];
  });
}

function isOutlier(query: QueryRow, queries: readonly QueryRow[]): boolean {
  const others = queries
    .filter((one) => one !== query && one.class === query.class && one.calls >= CALLS_MIN)
    .map(({ p50 }) => p50)
    .sort((a, b) => a - b);
  if (others.length < OTHERS_MIN) return true;
  return query.p50 >= OUTLIER_MIN * others[Math.floor(others.length / 2)]!;
}

/** ANALYZE executes the statement. */
function explainOf({ system, text, class: queryClass }: QueryRow): string {
  const options = system === 'postgresql' && queryClass !== 'write' ? ' (ANALYZE, BUFFERS)' : '';
  return `EXPLAIN${options} ${text}`;
}
