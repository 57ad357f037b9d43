/** Rule: requests that take so long that the answer should come before the work is done. */

import type { RouteRow } from '../../views/routes.js';
import { inADay, items, percent, time } from '../words.js';
import { CALLS_MIN, type Rule, routeMeasure } from './rule.js';

/** A person has turned away by then. */
export const LONG_SECONDS = 2;
/** Half of them are so long that it is the work, and not a machine that is busy at times. */
const USUAL_SECONDS = 1;
const COUNT_MIN = CALLS_MIN / 4;
const REPEATS_MIN = 5;
const EXPLAINED: ReadonlySet<string> = new Set([
  'n_plus_one',
  'n_plus_one_write',
  'single_row_writes',
  'pagination_loop',
]);
const CODE = `const job = await queue.add('report', { … });
response.status(202).location(\`/jobs/\${job.id}\`).end();`;

export const longRequest: Rule = ({ routes, findings, traces, recordedMs }) => {
  // Cheaper than a queue: what is done again and again in it is done once.
  const explained = new Set(
    [
      ...findings.filter(({ kind }) => EXPLAINED.has(kind)),
      ...traces.repeated.filter(({ kind, mean }) => kind === 'query' && mean >= REPEATS_MIN),
    ].map(({ method, route }) => `${method} ${route}`),
  );
  return routes
    .filter(
      (row) =>
        row.calls >= COUNT_MIN &&
        isLong(row) &&
        row.route !== '' &&
        !explained.has(`${row.method} ${row.route}`),
    )
    .map((row) => {
      const where = `${row.method} ${row.route}`;
      const database = row.queryTime / row.total;
      return {
        type: 'background_job',
        subject: where,
        title: `Work for the background: ${where}`,
        finding: `p95 of ${where} is ${time(row.p95)}, with somebody waiting for it.`,
        evidence: [
          `${items(row.calls, 'request')}, ${time(row.total)} in all, longest ${time(row.max)}.`,
          `${percent(database)} of it passes while a query runs.`,
        ],
        costPerDay: inADay(row.total, recordedMs),
        fix: {
          text: 'Put the work into a queue, answer 202 at once, and let the page ask for the result. Or prepare the result before it is asked for.',
          code: CODE,
          language: 'js' as const,
        },
        confidence: 'medium' as const,
        verification: `p95 of ${where} is under ${time(LONG_SECONDS)}.`,
        route: where,
        measure: routeMeasure(row.method, row.route),
      };
    });
};

export function isLong({ p50, p95 }: Pick<RouteRow, 'p50' | 'p95'>): boolean {
  return p95 >= LONG_SECONDS && p50 >= USUAL_SECONDS;
}
