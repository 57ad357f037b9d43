/**
 * Whether a run recorded what the server counted: all queries, those of each request, and the errors. Pure.
 */
const QUERIES = 'tachograph.http.server.queries';
const DURATION = 'db.client.operation.duration';

/**
 * @typedef {object} Counts What the database's server counted in one run.
 * @property {number} sent All queries, those with which connections and the ORM begin included.
 * @property {readonly { route: string, requests: number, sent: number }[]} routes While all connections were open.
 * @property {number} failed Queries that failed.
 */

/**
 * @param {Counts} counts
 * @param {readonly Record<string, any>[]} points What the file destination wrote.
 * @returns {{ recorded: number, errors: number, wrong: string[], isExact: boolean }} wrong: what differs.
 */
export function judge({ sent, routes, failed }, points) {
  const operations = points.filter(({ name }) => name === DURATION);
  const recorded = total(operations);
  const errors = total(operations.filter((point) => point['error.type'] !== undefined));
  const wrong = routes.flatMap((route) => differenceOf(route, points));
  const isExact = wrong.length === 0;
  if (recorded !== sent) wrong.unshift(`${recorded} queries recorded, ${sent} sent`);
  if (errors !== failed) wrong.push(`${errors} errors recorded, not ${failed}`);
  return { recorded, errors, wrong, isExact };
}

/**
 * Requests of one route do the same work, so each has the same share of what the server counted.
 * @param {{ route: string, requests: number, sent: number }} counted
 * @param {readonly Record<string, any>[]} points
 * @returns {string[]}
 */
function differenceOf({ route, requests, sent }, points) {
  const own = points.filter((point) => point.name === QUERIES && point['http.route'] === route);
  const each = sent / requests;
  const least = Math.min(...own.map(({ min }) => min));
  const most = Math.max(...own.map(({ max }) => max));
  if (each > 0 && total(own) === requests && least === each && most === each) return [];
  const found = own.length === 0 ? 'nothing' : `${least} to ${most} in ${total(own)} requests`;
  return [`${route}: ${found}, not ${each} in ${requests}`];
}

/** @param {readonly Record<string, any>[]} points */
function total(points) {
  return points.reduce((sum, { count }) => sum + count, 0);
}
