/** `tachograph review`: the review of an ISO week. */
import { parseArgs } from 'node:util';
import { parseWeek } from '../collector/reports/calendar.js';
import { URL_DEFAULT } from './collector-client.js';
import { EXIT_OK, UsageError } from './exit-codes.js';
import { showReport } from './report-command.js';

const HELP = `Usage: tachograph review [options]

Shows the review of a week: what became slower or faster since when and why, what is new, where the
time goes, what to do, what will run full, and what could not be judged.

  --week WEEK       The ISO week, such as 2026-W47 or 2026-47 (default: last week)
  --url URL         The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --service NAME    One service instead of all
  --format FORMAT   human, json, md or html (default human)
  --email           Mail it instead of printing it [SMTP_URL]
  --to ADDRESS      To whom; repeatable [TACHOGRAPH_COLLECTOR_REPORT_TO]
  --help            Print this

Exit codes: 2 usage, 3 nothing was recorded that week.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      week: { type: 'string' },
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
  const { service, url, format, email = false, to = [] } = values;
  const week = values.week === undefined ? undefined : parseWeek(values.week);
  if (values.week !== undefined && week === undefined) {
    throw new UsageError(`expected --week like 2026-W47, got ${JSON.stringify(values.week)}.`);
  }
  return await showReport({
    path: '/v1/reports/weekly',
    query: { week, service },
    url,
    format,
    email,
    to,
  });
}
