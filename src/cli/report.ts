/** `tachograph report`: the report of a day. */
import { parseArgs } from 'node:util';
import { parseDate } from '../collector/reports/calendar.js';
import { URL_DEFAULT } from './collector-client.js';
import { EXIT_OK, UsageError } from './exit-codes.js';
import { showReport } from './report-command.js';

const HELP = `Usage: tachograph report [options]

Shows the report of a day: summary, slowest endpoints, database, modules, changes, recommendations.

  --date DATE       The day, such as 2026-11-22 (default: yesterday)
  --url URL         The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --service NAME    One service instead of all
  --format FORMAT   human, json, md or html (default human)
  --email           Mail it instead of printing it [SMTP_URL]
  --to ADDRESS      To whom; repeatable [TACHOGRAPH_COLLECTOR_REPORT_TO]
  --help            Print this

Exit codes: 2 usage, 3 nothing was recorded that day.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      date: { type: 'string' },
      url: { type: 'string' },
      service: { type: 'string' },
      format: { type: 'string' },
      email: { type: 'boolean' },
      to: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const { date, service, url, format, email = false, to = [] } = values;
  if (date !== undefined && parseDate(date) === undefined) {
    throw new UsageError(`expected --date like 2026-11-22, got ${JSON.stringify(date)}.`);
  }
  return await showReport({
    path: '/v1/reports/daily',
    query: { date, service },
    url,
    format,
    email,
    to,
  });
}
