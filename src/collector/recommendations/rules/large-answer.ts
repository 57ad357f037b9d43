/** Rule: answers of an API so large that nobody reads them whole: a list without pages, or fields that nobody uses. */
import { type Calls, type Evidence, routeName } from '../evidence/evidence.js';
import { bytes, items, time } from '../words.js';
import { CALLS_MIN, type Rule, routeMeasure } from './rule.js';
import { staticRoutes } from './static-files.js';

export const LARGE_BYTES = 100_000;

export const largeAnswer: Rule = (evidence) => {
  const files = new Set(staticRoutes(evidence).map(({ method, route }) => `${method} ${route}`));
  return evidence.responseSizes
    .filter((row) => isLarge(row) && !files.has(routeName(row.names)))
    .map((row) => {
      const where = routeName(row.names);
      const method = row.names['http.request.method'] ?? '';
      const route = row.names['http.route'] ?? '';
      return {
        type: 'large_answer',
        subject: where,
        title: `Large answers: ${where}`,
        finding: `Half of the answers of ${where} are larger than ${bytes(row.p50)}.`,
        evidence: [
          `${items(row.calls, 'answer')}, ${bytes(row.total)} in all.`,
          ...timesOf(evidence, method, route),
        ],
        costPerDay: 0,
        fix: {
          text: 'Page the list by the last key seen, leave out fields that nobody reads, and compress what is left.',
          code: 'GET /orders?after=1042&limit=100',
          language: 'http' as const,
        },
        confidence: 'medium' as const,
        verification: `Half of the answers are under ${bytes(LARGE_BYTES)}.`,
        route: where,
        measure: routeMeasure(method, route),
      };
    });
};

function isLarge({ names, calls, p50 }: Calls): boolean {
  return names['http.response.status_class'] === '2xx' && calls >= CALLS_MIN && p50 >= LARGE_BYTES;
}

function timesOf({ routes }: Evidence, method: string, route: string): string[] {
  const row = routes.find((one) => one.method === method && one.route === route);
  return row === undefined ? [] : [`p95 of the route is ${time(row.p95)}.`];
}
