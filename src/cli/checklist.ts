/** `tachograph checklist`: the best practices, evaluated: ok, attention, or cannot tell and why. */

import { parseArgs } from 'node:util';
import type { Checklist } from '../collector/checklist/checklist.js';
import { withAudit } from './checklist-audit.js';
import { collectorUrl, createReadingClient, URL_DEFAULT } from './collector-client.js';
import { EXIT_FAILURE, EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { readAudit } from './read-audit.js';
import { sinceOf } from './read-since.js';
import { humanChecklist, markdownChecklist } from './render-checklist.js';
import { reportFormatOf } from './report-format.js';
import { terminalWidth } from './terminal-width.js';

const WIDTH_DEFAULT = 100;
const WIDTH_MAX = 120;
const LISTS = ['application', 'modules', 'database', 'frontend'];

const HELP = `Usage: tachograph checklist [options]

Evaluates the best practices for application, business modules, database and frontend.

  --url URL         The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --service NAME    One service instead of all
  --since TIME      How far back, such as 6h or 7d (default 1d)
  --list NAME       One list: ${LISTS.join(', ')}
  --audit FILE      What "tachograph audit --json FILE" wrote, for what only the pages tell
  --format FORMAT   human, json or md (default human)
  --help            Print this

Exit code 0: nothing needs attention; 1: something does; 3: no data in this time.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      service: { type: 'string' },
      since: { type: 'string' },
      list: { type: 'string' },
      audit: { type: 'string' },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { env, stdout } = process;
  if (values.help) {
    stdout.write(HELP);
    return EXIT_OK;
  }
  const { list, since = '1d' } = values;
  if (list !== undefined && !LISTS.includes(list)) {
    throw new UsageError(`expected --list ${LISTS.join(', ')}, got ${JSON.stringify(list)}.`);
  }
  const format = reportFormatOf(values.format);
  const audit = values.audit === undefined ? undefined : readAudit(values.audit);
  const get = createReadingClient(collectorUrl(values.url, env), env);
  const answer = await get<{ lists: Checklist[] }>('/v1/checklist', {
    service: values.service,
    from: sinceOf(since),
  });
  if (answer === undefined) {
    process.stderr.write(
      `Nothing was recorded in the last ${since}. To record a service: node --import tachograph app.js\n`,
    );
    return EXIT_NO_DATA;
  }
  const audited = audit === undefined ? answer.lists : withAudit(answer.lists, audit);
  const lists = audited.filter((one) => list === undefined || one.list === list);
  switch (format) {
    case 'json':
      stdout.write(`${JSON.stringify({ lists })}\n`);
      break;
    case 'md':
      stdout.write(markdownChecklist(lists));
      break;
    case 'human':
      stdout.write(humanChecklist(lists, terminalWidth(WIDTH_DEFAULT, WIDTH_MAX), paint()));
  }
  const isWanting = lists.some(({ items }) => items.some(({ state }) => state === 'attention'));
  return isWanting ? EXIT_FAILURE : EXIT_OK;
}
