/** Whom reports are mailed to, and how: from options and the environment. No message holds the URL's password. */
import { parseSmtpUrl } from '../alerts/notify/smtp-url.js';
import { resolveOptions } from '../shared/resolve-options.js';
import { UsageError } from './exit-codes.js';

export interface ReportMailSettings {
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: readonly string[];
}

type Env = NodeJS.ProcessEnv;

const RECIPIENTS_MAX = 50;

/**
 * The SMTP URL and, unless reports have their own, the addresses are those of alerts.
 * @param to of the command line; else the environment says it
 * @throws {UsageError} when it does not say how or to whom
 */
export function readReportMail(env: Env, to: readonly string[]): ReportMailSettings {
  const { alertSmtpUrl: smtpUrl, alertEmailFrom } = resolveOptions(env).options;
  if (parseSmtpUrl(smtpUrl) === undefined) {
    throw new UsageError('expected SMTP_URL like smtp://user:password@host:587 to send mail by.');
  }
  const recipients = to.length > 0 ? to : recipientsOf(env);
  if (recipients.length === 0 || recipients.length > RECIPIENTS_MAX) {
    throw new UsageError(
      `expected 1 to ${RECIPIENTS_MAX} recipients in --to or TACHOGRAPH_COLLECTOR_REPORT_TO, got ${recipients.length}.`,
    );
  }
  const from = env.TACHOGRAPH_COLLECTOR_REPORT_FROM || alertEmailFrom || recipients[0]!;
  return { smtpUrl, from, to: recipients };
}

/** Undefined where nobody is to be mailed, or by nothing; what is wrong with either is told of alerts. */
export function reportMailOf(env: Env): ReportMailSettings | undefined {
  const isSet = parseSmtpUrl(resolveOptions(env).options.alertSmtpUrl) !== undefined;
  return isSet && recipientsOf(env).length > 0 ? readReportMail(env, []) : undefined;
}

function recipientsOf(env: Env): readonly string[] {
  const own = (env.TACHOGRAPH_COLLECTOR_REPORT_TO ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return own.length > 0 ? own : resolveOptions(env).options.alertEmailTo;
}
