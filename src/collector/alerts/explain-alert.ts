/**
 * Whom an alert is about, and what takes part most in it: the routes of its service in its window. Three
 * questions to the store at most.
 */

import type { Alert } from '../../alerts/alert.js';
import { quantityText } from '../../alerts/rule.js';
import { formatItems } from '../../shared/format-items.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';
import type { HistogramStats } from '../query/query-request.js';
import { OUTCOME, tallies } from '../views/tallies.js';
import { keyOf, type ViewSource } from '../views/view-request.js';
import { INSTANCE } from './budget-samples.js';
import { instantsOf, recentRange } from './stats-by-time.js';

const ROUTE = ['http.request.method', 'http.route'] as const;
const ROUTES_SHOWN = 3;
const ROUTES_MAX = 500;
const LOOK_BACK_MS_MAX = 300_000;

/** Who it is, of one process; then the routes. */
export async function explainAlert(source: ViewSource, alert: Alert): Promise<readonly string[]> {
  const lines = await Promise.all([processOf(source, alert), routesOf(source, alert)]);
  return lines.flat();
}

/** By host and process id: the attribute is a UUID, which nobody knows. */
async function processOf({ store }: ViewSource, alert: Alert): Promise<readonly string[]> {
  const { service, attributes, lastMs } = alert;
  const id = attributes[INSTANCE];
  if (id === undefined) return [];
  const known = await store.instances(
    service === '' ? undefined : service,
    lastMs - LOOK_BACK_MS_MAX,
  );
  const found = known.find(({ resource }) => resource[INSTANCE] === id);
  if (found === undefined) return [];
  const version = found.resource['service.version'];
  return [`Process ${found.agent}${version === undefined ? '' : ` of version ${version}`}.`];
}

/** A line a route; none where routes explain nothing, or are what the alert is about. */
async function routesOf(source: ViewSource, alert: Alert): Promise<readonly string[]> {
  const { service, attributes, metric, lastMs, windowMs } = alert;
  if (service === '' || attributes['http.route'] !== undefined) return [];
  const range = recentRange(
    lastMs - Math.min(windowMs || LOOK_BACK_MS_MAX, LOOK_BACK_MS_MAX),
    lastMs,
  );
  const wanted = { metric: HTTP_SERVER_REQUEST_DURATION.name, limit: ROUTES_MAX };
  const [[merged], [outcomes]] = await Promise.all([
    instantsOf(source, service, range, { ...wanted, group: ROUTE }),
    instantsOf(source, service, range, { ...wanted, group: [...ROUTE, ...OUTCOME] }),
  ]);
  const byRoute = tallies(outcomes?.groups ?? [], ROUTE);
  const isOfErrors = metric.startsWith('error_');
  const routes = (merged?.groups ?? []).map(({ attributes: route, total }) => {
    const { count, p95, sum } = total as HistogramStats;
    const errors = byRoute.get(keyOf(route, ROUTE))?.errors ?? 0;
    const name = `${route['http.request.method'] ?? ''} ${route['http.route'] ?? ''}`.trim();
    const weight = isOfErrors ? errors : sum;
    const failed = errors > 0 ? `, ${errors} failed` : '';
    return {
      weight,
      line: `${name}: ${formatItems(count, 'request')}, p95 ${quantityText(p95 * 1000, 'ms')}${failed}.`,
    };
  });
  return routes
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, ROUTES_SHOWN)
    .map(({ line }) => line);
}
