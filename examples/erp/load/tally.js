/** Counts what was sent and what came back, by route template. Bounded by routes × statuses. */

/** Answered before any route matched: an unknown address, or a guard (log-in, role, token) or parser refused. */
export const NO_ROUTE = '(no route)';
/** The status of a request that got no complete answer: aborted by the user, or failed on the network. */
export const NO_ANSWER = 0;

/** @typedef {{ method: string, route: string, status: number, count: number }} RouteCount */

export function openTally() {
  /** @type {Map<string, RouteCount>} */
  const counts = new Map();
  const totals = { requests: 0, errors: 0, aborted: 0 };

  return {
    totals,
    /**
     * @param {string} method
     * @param {string} route
     * @param {number} status
     */
    add(method, route, status) {
      totals.requests++;
      const key = `${method} ${route} ${status}`;
      const known = counts.get(key);
      if (known) known.count++;
      else counts.set(key, { method, route, status, count: 1 });
    },
    /** @returns {RouteCount[]} Sorted by route, method, status. */
    byRoute: () =>
      [...counts.values()].sort(
        (a, b) =>
          a.route.localeCompare(b.route) || a.method.localeCompare(b.method) || a.status - b.status,
      ),
    /** @returns {Record<string, number>} */
    byStatus() {
      /** @type {Record<string, number>} */
      const sums = {};
      for (const { status, count } of counts.values()) sums[status] = (sums[status] ?? 0) + count;
      return sums;
    },
  };
}
