/**
 * The load driver's counts against the recorded ones, request by request: both know the method, the
 * route's template and the outcome.
 */

/** What no route of the application answered: static files, guards, unknown addresses. */
const OUTSIDE = '(outside any route)';
const SENT_OUTSIDE = new Set(['(no route)', '/assets/*', '/vendor/*']);
const RECORDED_OUTSIDE = new Set(['(middleware)', '(unmatched)']);

/**
 * @typedef {{ method: string, route: string, outcome: string, sent: number, recorded: number }} Row
 */

/**
 * @param {readonly { method: string, route: string, status: number, count: number }[]} sent
 * @param {readonly { attributes: Record<string, string>, total: { count: number } }[]} recorded
 *   Groups of http.server.request.duration by method, route and status class.
 * @returns {Row[]} Sorted by route.
 */
export function compareCounts(sent, recorded) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @param {string} method @param {string} route @param {string} outcome */
  const rowOf = (method, route, outcome) => {
    const key = JSON.stringify([method, route, outcome]);
    const row = rows.get(key) ?? { method, route, outcome, sent: 0, recorded: 0 };
    rows.set(key, row);
    return row;
  };
  for (const { method, route, status, count } of sent) {
    const outcome = status === 0 ? 'no answer' : `${Math.floor(status / 100)}xx`;
    rowOf(method, SENT_OUTSIDE.has(route) ? OUTSIDE : route, outcome).sent += count;
  }
  for (const { attributes, total } of recorded) {
    const route = attributes['http.route'] ?? '';
    const outcome = attributes['http.response.status_class'] || 'no answer';
    const method = attributes['http.request.method'] ?? '';
    rowOf(method, RECORDED_OUTSIDE.has(route) ? OUTSIDE : route, outcome).recorded += total.count;
  }
  return [...rows.values()].sort(
    (a, b) => a.route.localeCompare(b.route) || a.method.localeCompare(b.method),
  );
}
