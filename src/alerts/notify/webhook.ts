/**
 * A webhook of one's own: the message as JSON, signed. `Tachograph-Signature: t=<Unix s>,v1=<hex>` is the
 * HMAC-SHA256 of `<t>.<body>` by the shared secret, so that a receiver can refuse what is forged or old;
 * `Idempotency-Key` is the same however often a message is sent. Owns a connection.
 */
import { createHmac } from 'node:crypto';
import type { Notification } from '../notification.js';
import { hookLabel } from './hook-url.js';
import type { Notifier } from './notifier.js';
import { hookPoster } from './post.js';
import type { HookOptions } from './slack.js';
import { wordingOf } from './wording.js';

export interface WebhookOptions extends HookOptions {
  /** Empty: not signed. */
  readonly secret: string;
}

export function webhookNotifier(options: WebhookOptions): Notifier {
  const { url, link, nowMs, network, secret } = options;
  const poster = hookPoster(url, nowMs, network);
  return {
    name: 'webhook',
    label: hookLabel('webhook', url),
    send(notification) {
      const body = JSON.stringify(webhookMessage(notification, link));
      const headers: Record<string, string> = { 'idempotency-key': notification.key };
      if (secret !== '') {
        headers['tachograph-signature'] = signatureOf(body, secret, Math.floor(nowMs() / 1000));
      }
      return poster.post(body, headers);
    },
    close: () => poster.close(),
  };
}

export function signatureOf(body: string, secret: string, timeS: number): string {
  const hex = createHmac('sha256', secret).update(`${timeS}.${body}`).digest('hex');
  return `t=${timeS},v1=${hex}`;
}

/** Texts are as they were recorded: whoever shows them escapes them. */
function webhookMessage(notification: Notification, link: string): object {
  const { key, kind, atMs, alerts, omitted } = notification;
  const { title, alerts: wordings } = wordingOf(notification);
  return {
    version: 1,
    key,
    kind,
    title,
    atMs,
    link: link === '' ? null : link,
    alerts: alerts.map((alert, index) => ({ ...alert, why: wordings[index]!.why })),
    omitted,
  };
}
