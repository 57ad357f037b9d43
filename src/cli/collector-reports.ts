/** The collector's report options, from the command line and the environment. */
import { sendMail } from '../alerts/notify/send-mail.js';
import { isZone } from '../collector/reports/calendar.js';
import type { ReportOptions } from '../collector/reports/open-reports.js';
import { UsageError } from './exit-codes.js';
import { reportMailOf } from './report-mail.js';

type Env = NodeJS.ProcessEnv;

const AT_DEFAULT = '06:00';

/** @throws {UsageError} */
export function reportOptions(
  { zone, at }: { readonly zone: string | undefined; readonly at: string | undefined },
  env: Env,
): ReportOptions {
  const name = zone ?? env.TACHOGRAPH_COLLECTOR_ZONE;
  if (name && !isZone(name)) {
    throw new UsageError(`expected a zone like Europe/Berlin, got ${JSON.stringify(name)}.`);
  }
  const mail = reportMailOf(env);
  return {
    ...(name ? { zone: name } : {}),
    atMinute: minuteOf(at ?? (env.TACHOGRAPH_COLLECTOR_REPORT_AT || AT_DEFAULT)),
    mail: mail && { ...mail, send: (message) => sendMail(mail.smtpUrl, message) },
  };
}

/** Minutes after midnight; undefined for `off`. */
function minuteOf(text: string): number | undefined {
  if (text === 'off') return undefined;
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (match !== null) return Number(match[1]) * 60 + Number(match[2]);
  throw new UsageError(`expected a time like ${AT_DEFAULT}, or off, got ${JSON.stringify(text)}.`);
}
