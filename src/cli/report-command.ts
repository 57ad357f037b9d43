/** What `tachograph report` and `tachograph review` have in common: get a report, show it or mail it. */
import { sendMail } from '../alerts/notify/send-mail.js';
import { documentOf } from '../collector/reports/document-of.js';
import { renderReport } from '../collector/reports/render-report.js';
import { type PaintTone, renderTerminal } from '../collector/reports/render-terminal.js';
import type { Report } from '../collector/reports/report-model.js';
import { mailOf } from '../collector/reports/schedule.js';
import { collectorUrl, createCollectorClient } from './collector-client.js';
import { EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { readToken } from './read-token.js';
import { readReportMail } from './report-mail.js';

/** A review of many routes takes the collector some time. */
const TIMEOUT_MS = 180_000;
const FORMATS = ['human', 'json', 'md', 'html'] as const;

export interface ReportArguments {
  readonly path: '/v1/reports/daily' | '/v1/reports/weekly';
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly url: string | undefined;
  readonly format: string | undefined;
  readonly email: boolean;
  readonly to: readonly string[];
}

export async function showReport(asked: ReportArguments): Promise<number> {
  const { env, stdout, stderr } = process;
  const format = formatOf(asked.format);
  const mail = asked.email ? readReportMail(env, asked.to) : undefined;
  const token = readToken(undefined, 'TACHOGRAPH_COLLECTOR_READ_TOKEN', env);
  const get = createCollectorClient(collectorUrl(asked.url, env), token, TIMEOUT_MS);
  const report = await get<Report>(asked.path, asked.query);
  if (report === undefined) {
    stderr.write('Nothing was recorded in this time.\n');
    return EXIT_NO_DATA;
  }
  if (mail !== undefined) {
    await sendMail(mail.smtpUrl, mailOf(report, mail));
    stdout.write(`Sent to ${mail.to.join(', ')}.\n`);
    return EXIT_OK;
  }
  stdout.write(textOf(report, format));
  return EXIT_OK;
}

function textOf(report: Report, format: (typeof FORMATS)[number]): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report)}\n`;
    case 'md':
    case 'html':
      return renderReport(report, format);
    case 'human':
      return renderTerminal(documentOf(report), paintTone());
  }
}

function paintTone(): PaintTone {
  const mark = paint();
  return (tone, text) => {
    switch (tone) {
      case 'heading':
        return mark('bold', text);
      case 'good':
        return mark('green', text);
      case 'bad':
        return mark('red', text);
      case 'dim':
        return mark('dim', text);
      case 'plain':
        return text;
    }
  };
}

/** @throws {UsageError} */
function formatOf(text = 'human'): (typeof FORMATS)[number] {
  const format = FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  throw new UsageError(`expected --format ${FORMATS.join(', ')}, got ${JSON.stringify(text)}.`);
}
