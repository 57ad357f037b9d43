/** Whom reports are mailed to, and how: from options and the environment. No message holds the URL's password. */
import { parseSmtpUrl } from '../alerts/notify/send-mail.js';
import { UsageError } from './exit-codes.js';

export interface ReportMailSettings {
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

const RECIPIENTS_MAX = 50;

/**
 * @param to of the command line; else the environment says it
 * @throws {UsageError} when it does not say how or to whom
 */
export function readReportMail(env: Env, to: readonly string[]): ReportMailSettings {
  const smtpUrl = env.TACHOGRAPH_ALERT_SMTP_URL || env.SMTP_URL || '';
  if (parseSmtpUrl(smtpUrl) === undefined) {
    throw new UsageError('expected SMTP_URL like smtp://user:password@host:587 to send mail by.');
  }
  const recipients = to.length > 0 ? to : recipientsOf(env);
  if (recipients.length === 0 || recipients.length > RECIPIENTS_MAX) {
    throw new UsageError(
      `expected 1 to ${RECIPIENTS_MAX} recipients in --to or TACHOGRAPH_COLLECTOR_REPORT_TO, got ${recipients.length}.`,
    );
  }
  const from =
    env.TACHOGRAPH_COLLECTOR_REPORT_FROM || env.TACHOGRAPH_ALERT_EMAIL_FROM || recipients[0]!;
  return { smtpUrl, from, to: recipients };
}

/** Undefined where nobody is to be mailed; SMTP_URL alone may be meant for another program. */
export function reportMailOf(env: Env): ReportMailSettings | undefined {
  return recipientsOf(env).length === 0 ? undefined : readReportMail(env, []);
}

function recipientsOf(env: Env): string[] {
  const text = env.TACHOGRAPH_COLLECTOR_REPORT_TO || env.TACHOGRAPH_ALERT_EMAIL_TO || '';
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
