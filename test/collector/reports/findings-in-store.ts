/** Findings out of the events of a store, as the collector's own view serves them; what reports are given. */
import type { Finding } from '../../../src/collector/reports/evidence.js';
import type { Store } from '../../../src/collector/store/store.js';
import type { ViewRequest } from '../../../src/collector/views/view-request.js';

const EVENTS_MAX = 5000;

export async function findingsIn(
  store: Store,
  { limit, ...range }: ViewRequest,
): Promise<Finding[]> {
  const events = await store.events({ ...range, name: 'tachograph.finding', limit: EVENTS_MAX });
  const found = new Map<string, Finding>();
  for (const { timeMs, attributes } of events) {
    const of = (name: string): string => attributes[name] ?? '';
    const kind = of('tachograph.finding.kind');
    const key = JSON.stringify([kind, of('http.route'), of('tachograph.finding.query')]);
    const known = found.get(key);
    found.set(key, {
      kind,
      method: of('http.request.method'),
      route: of('http.route'),
      operation: of('tachograph.operation.name'),
      query: of('tachograph.finding.query'),
      code: {
        file: of('code.file.path'),
        line: Number(of('code.line.number')),
        function: of('code.function.name'),
      },
      fix: 'load the lines of all orders with one query',
      perDay: 86,
      firstSeenMs: Math.min(known?.firstSeenMs ?? timeMs, timeMs),
      lastSeenMs: Math.max(known?.lastSeenMs ?? timeMs, timeMs),
    });
  }
  return [...found.values()].slice(0, limit);
}
