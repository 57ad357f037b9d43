/**
 * Mail by SMTP, through nodemailer, which is loaded with the first message only. Text and HTML say the same;
 * the HTML needs no image and no style sheet. The Message-ID is made of the message's key, so that mail that
 * is sent again is known for what it is. Bounded by the transport's timeouts.
 */
import type { Transporter } from 'nodemailer';
import type { Notification } from '../notification.js';
import type { AlertLevel } from '../rule.js';
import { forHeader, forHtml, plain } from './escape.js';
import type { Notifier, SendOutcome } from './notifier.js';
import { openSmtp } from './smtp-transport.js';
import { timeText, type Wording, wordingOf } from './wording.js';

export interface EmailOptions {
  /** smtp://user:password@host:587 or smtps://…; options of nodemailer may stand in its query. */
  readonly url: URL;
  readonly from: string;
  readonly to: readonly string[];
  readonly link: string;
}

const COLORS: Readonly<Record<AlertLevel | 'over', string>> = {
  CRITICAL: '#b3261e',
  WARNING: '#9a5b00',
  INFO: '#1f5f8b',
  over: '#1d6b3a',
};

export function emailNotifier(options: EmailOptions): Notifier {
  let transport: Promise<Transporter> | undefined;
  return {
    name: 'email',
    label: `mail by ${options.url.host.slice(0, 200)}`,
    async send(notification) {
      transport ??= openSmtp(options.url);
      const { from, to, link } = options;
      const message = { from, to: [...to], ...emailMessage(notification, link, from) };
      try {
        await (await transport).sendMail(message);
        return { state: 'delivered' };
      } catch (error) {
        return outcomeOf(error as Error & { responseCode?: number; code?: string });
      }
    },
    async close() {
      (await transport)?.close();
    },
  };
}

/** 4xx of SMTP is for now, 5xx for good (RFC 5321, 4.2.1); so is a login that is refused. */
function outcomeOf(error: Error & { responseCode?: number; code?: string }): SendOutcome {
  const { responseCode = 0, code = '' } = error;
  // Not the server's words, nor nodemailer's: they may hold the login.
  const reason =
    responseCode > 0 ? `SMTP ${responseCode}` : /^[A-Z_]+$/.test(code) ? code : 'no connection';
  if (responseCode >= 500 && code !== 'EAUTH') return { state: 'refused', reason };
  return { state: 'retry', reason, retryAfterMs: undefined };
}

export interface EmailMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function emailMessage(notification: Notification, link: string, from: string): EmailMessage {
  const wording = wordingOf(notification);
  const domain = /@([a-z0-9.-]+)>?$/i.exec(from)?.[1] ?? 'localhost';
  return {
    subject: subjectOf(notification, wording),
    text: textOf(wording, link),
    html: htmlOf(notification, wording, link),
    messageId: `<${notification.key}@${domain}>`,
    // Auto-replies answer nothing that says so (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Tachograph-Key': notification.key },
  };
}

function subjectOf({ kind, alerts }: Notification, { title, level, isOver }: Wording): string {
  const metric = alerts[0]?.metric ?? 'none';
  if (kind === 'firing') return forHeader(`${level} Performance Alert - ${metric}`);
  if (kind === 'repeat') return forHeader(`${level} Performance Alert - ${metric} (still)`);
  return forHeader(
    isOver && kind === 'resolved' ? `Resolved: Performance Alert - ${metric}` : title,
  );
}

function textOf({ title, alerts, omitted }: Wording, link: string): string {
  const blocks = alerts.map(({ metric, value, threshold, system, why }) =>
    [
      `Metric:    ${plain(metric)}`,
      `Value:     ${plain(value)}`,
      `Threshold: ${plain(threshold)}`,
      `System:    ${plain(system)}`,
      ...why.map((line) => plain(line)),
    ].join('\n'),
  );
  if (omitted > 0) blocks.push(`And ${omitted} more.`);
  if (link !== '') blocks.push(link);
  return `${plain(title)}\n\n${blocks.join('\n\n')}\n`;
}

function htmlOf(notification: Notification, wording: Wording, link: string): string {
  const { title, level, isOver, alerts, omitted } = wording;
  const rows = alerts.map((alert, index) => {
    const isEnded = notification.alerts[index]!.endedMs !== null;
    const color = COLORS[isEnded ? 'over' : notification.alerts[index]!.level];
    const cells = [
      ['Metric', alert.metric],
      ['Value', alert.value],
      ['Threshold', alert.threshold],
      ['System', alert.system],
    ].map(
      ([name, text]) =>
        `<td style="padding:4px 16px 4px 0;vertical-align:top"><div style="font-size:12px;color:#5f6368">${name}</div>` +
        `<div style="font-size:15px;font-weight:600">${forHtml(text!)}</div></td>`,
    );
    const why = alert.why.map((line) => `<div>${forHtml(line)}</div>`).join('');
    return (
      `<tr><td style="border-left:4px solid ${color};padding:8px 12px"><table role="presentation" cellspacing="0" cellpadding="0"><tr>` +
      `${cells.join('')}</tr></table><div style="font-size:14px;line-height:1.5;color:#3c4043">${why}</div></td></tr>` +
      '<tr><td style="height:12px"></td></tr>'
    );
  });
  const more = omitted > 0 ? `<p>And ${omitted} more.</p>` : '';
  const button =
    link === ''
      ? ''
      : `<p><a href="${forHtml(link)}" style="color:#1f5f8b">Open Tachograph</a></p>`;
  const head = COLORS[isOver ? 'over' : level];
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    '<title>Performance alert</title></head>' +
    '<body style="margin:0;padding:24px;background:#ffffff;color:#202124;font-family:Helvetica,Arial,sans-serif">' +
    `<h1 style="font-size:20px;margin:0 0 16px;color:${head}">${forHtml(title)}</h1>` +
    `<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="max-width:680px">${rows.join('')}</table>` +
    `${more}${button}<p style="font-size:12px;color:#5f6368">Sent by Tachograph, ${timeText(notification.atMs)}.</p></body></html>`
  );
}
