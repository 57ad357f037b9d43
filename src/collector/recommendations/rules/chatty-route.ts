/** Rule: a route that makes more queries a request than the budget has, and no finding says why. */
import { EXCESSIVE_QUERIES } from '../../../shared/application-budgets.js';
import { inADay, items, percent } from '../words.js';
import { advice, CALLS_MIN, type Rule, routeMeasure } from './rule.js';

const QUERIES_MAX_DEFAULT = 20;
const EXPLAINED: ReadonlySet<string> = new Set([
  'n_plus_one',
  'n_plus_one_write',
  'single_row_writes',
  'pagination_loop',
]);

export const chattyRoute: Rule = ({ routes, findings, traces, budgets, recordedMs }) => {
  const limit =
    budgets.find(({ name }) => name === EXCESSIVE_QUERIES)?.limit ?? QUERIES_MAX_DEFAULT;
  return routes
    .filter(
      ({ method, route, calls, queriesPerRequest }) =>
        calls >= CALLS_MIN &&
        queriesPerRequest > limit &&
        !findings.some(
          (one) => EXPLAINED.has(one.kind) && one.method === method && one.route === route,
        ) &&
        !traces.repeated.some(
          (one) => one.kind === 'query' && one.method === method && one.route === route,
        ),
    )
    .map((row) => {
      const where = `${row.method} ${row.route}`;
      return {
        type: 'chatty_route',
        subject: where,
        title: `Many queries a request: ${where}`,
        finding: `A request of ${where} makes ${items(Math.round(row.queriesPerRequest), 'query', 'queries')} on average; the budget is ${limit}.`,
        evidence: [
          `${items(row.calls, 'request')}; the most of one is ${row.queriesMax ?? 0}.`,
          `${percent(row.queryTime / row.total)} of the route’s time passes while a query runs.`,
        ],
        // Queries that the budget has room for stay.
        costPerDay: inADay(row.queryTime * (1 - limit / row.queriesPerRequest), recordedMs),
        fix: advice(
          `Look at a trace of it (tachograph traces --route "${row.route}"), join what belongs together and ask side by side what does not depend on each other.`,
        ),
        confidence: 'medium' as const,
        verification: `Queries a request fall to ${limit} or less.`,
        route: where,
        measure: routeMeasure(row.method, row.route),
      };
    });
};
