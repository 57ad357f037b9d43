/**
 * Slack by an incoming webhook: one attachment an alert, coloured by its level, with the fields Metric, Value,
 * Threshold and System, the reasons, and a link. Every text is escaped for mrkdwn. Owns a connection.
 */
import type { Network } from '../../transport/network.js';
import type { Notification } from '../notification.js';
import type { AlertLevel } from '../rule.js';
import { forSlack } from './escape.js';
import { hookLabel } from './hook-url.js';
import type { Notifier } from './notifier.js';
import { hookPoster } from './post.js';
import { wordingOf } from './wording.js';

const COLORS: Readonly<Record<AlertLevel, string>> = {
  CRITICAL: 'danger',
  WARNING: 'warning',
  INFO: 'good',
};

export interface HookOptions {
  readonly url: URL;
  /** Of the dashboard; empty for none. */
  readonly link: string;
  readonly nowMs: () => number;
  readonly network?: Network;
}

export function slackNotifier({ url, link, nowMs, network }: HookOptions): Notifier {
  const poster = hookPoster(url, nowMs, network);
  return {
    name: 'slack',
    label: hookLabel('Slack', url),
    send: (notification) => poster.post(JSON.stringify(slackMessage(notification, link))),
    close: () => poster.close(),
  };
}

/** The body of the hook's request. */
export function slackMessage(notification: Notification, link: string): object {
  const { title, alerts, omitted } = wordingOf(notification);
  const attachments = alerts.map((alert, index) => {
    const told = notification.alerts[index]!;
    const text = alert.why.map(forSlack).join('\n');
    return {
      color: told.endedMs === null ? COLORS[told.level] : 'good',
      title: forSlack(alert.title),
      fallback: forSlack(`${alert.title}: ${alert.value}, limit ${alert.threshold}`),
      text,
      ...(link === '' ? {} : { title_link: link }),
      mrkdwn_in: ['text'],
      fields: [
        { title: 'Metric', value: forSlack(alert.metric), short: true },
        { title: 'Value', value: forSlack(alert.value), short: true },
        { title: 'Threshold', value: forSlack(alert.threshold), short: true },
        { title: 'System', value: forSlack(alert.system), short: true },
      ],
      footer: `Tachograph ${notification.key.slice(0, 12)}`,
      ts: Math.floor(notification.atMs / 1000),
    };
  });
  const more = omitted > 0 ? ` and ${omitted} more` : '';
  return { text: forSlack(title) + more, link_names: false, attachments };
}
