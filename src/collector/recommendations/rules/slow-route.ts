/** Rule: routes over the budget of a response, with where their time goes. */
import type { RouteRow } from '../../views/routes.js';
import { inADay, items, percent, time } from '../words.js';
import { isLong } from './long-request.js';
import { advice, CALLS_MIN, type Rule, routeMeasure } from './rule.js';

const LIMIT_DEFAULT_MS = 400;
const LAYERS_MAX = 3;

export const slowRoute: Rule = ({ routes, budgets, recordedMs }) => {
  const limit =
    (budgets.find(({ name }) => name === 'endpoint_response_time')?.limit ?? LIMIT_DEFAULT_MS) /
    1000;
  return routes
    .filter(
      (row) =>
        // Names in brackets stand for what no route took.
        row.calls >= CALLS_MIN && row.p95 > limit && !isLong(row) && !row.route.startsWith('('),
    )
    .map((row) => {
      const where = `${row.method} ${row.route}`.trim();
      return {
        type: 'slow_route',
        subject: where,
        title: `Route over its budget: ${where}`,
        finding: `p95 of ${where} is ${time(row.p95)}; its budget is ${time(limit)}.`,
        evidence: [
          `${items(row.calls, 'request')}, ${time(row.total)} in all, p50 ${time(row.p50)}, longest ${time(row.max)}.`,
          sharesOf(row),
        ],
        costPerDay: inADay(Math.max(0, row.total / row.calls - limit) * row.calls, recordedMs),
        fix: advice(
          `Begin with the largest share. One request in all its parts: tachograph traces --slowest --route "${row.route}".`,
        ),
        confidence: 'medium' as const,
        verification: `p95 of ${where} is under ${time(limit)}.`,
        route: where,
        measure: routeMeasure(row.method, row.route),
      };
    });
};

function sharesOf({ layers }: RouteRow): string {
  if (layers.length === 0)
    return 'No layer of it is known: its time is its own code and what it waits for.';
  const shares = layers
    .slice(0, LAYERS_MAX)
    .map(({ layer, share }) => `${layer} ${percent(share)}`)
    .join(', ');
  return `Where the time goes (layers contain one another): ${shares}.`;
}
