/**
 * Prometheus Alertmanager, API v2: the alerts as they fire, again while they fire, and with their end when they
 * are over; grouping, routes and silences are its own from there. What is sent twice is the same alert by its
 * labels. Owns a connection.
 */
import type { Notification, ToldAlert } from '../notification.js';
import { plain } from './escape.js';
import { hookLabel } from './hook-url.js';
import type { Notifier } from './notifier.js';
import { hookPoster } from './post.js';
import type { HookOptions } from './slack.js';
import { systemOf, whyOf } from './wording.js';

/** Without news for so long Alertmanager takes an alert for resolved; it is sent again every minute. */
const ENDS_AFTER_MS = 5 * 60_000;
/** How often a firing alert is sent again. */
export const ALERTMANAGER_REPEAT_MS = 60_000;
const PATH = '/api/v2/alerts';

export function alertmanagerNotifier({ url, link, nowMs, network }: HookOptions): Notifier {
  const target = new URL(url);
  const base = target.pathname.replace(/\/+$/, '');
  target.pathname = base.endsWith(PATH) ? base : base + PATH;
  const poster = hookPoster(target, nowMs, network);
  return {
    name: 'alertmanager',
    label: hookLabel('Alertmanager', url),
    send: (notification) =>
      poster.post(JSON.stringify(alertmanagerMessage(notification, link, nowMs()))),
    close: () => poster.close(),
  };
}

export function alertmanagerMessage(
  { alerts }: Notification,
  link: string,
  nowMs: number,
): readonly object[] {
  return alerts.map((alert) => ({
    labels: labelsOf(alert),
    annotations: {
      summary: plain(`${alert.metric} of ${systemOf(alert)}`),
      description: plain(whyOf(alert).join(' '), 2000),
    },
    startsAt: new Date(alert.sinceMs).toISOString(),
    endsAt: new Date(alert.endedMs ?? nowMs + ENDS_AFTER_MS).toISOString(),
    ...(link === '' ? {} : { generatorURL: link }),
  }));
}

/** By these Alertmanager knows an alert: nothing in them changes while it fires. */
function labelsOf({ rule, metric, level, service, attributes }: ToldAlert): Record<string, string> {
  const labels: Record<string, string> = {
    alertname: rule,
    severity: level.toLowerCase(),
    metric,
    job: 'tachograph',
  };
  // A label without a value is none.
  if (service !== '') labels.service = plain(service);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== '')
      labels[name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_')] = plain(value);
  }
  return labels;
}
