/** `tachograph recommend`: the optimisation report of a collector: summary, recommendations, query analysis. */

import { parseArgs } from 'node:util';
import type { Priority } from '../collector/recommendations/recommendation.js';
import type { Recommendations } from '../collector/recommendations/recommendations-of.js';
import type { QueryRow } from '../collector/views/queries.js';
import { collectorUrl, createReadingClient, URL_DEFAULT } from './collector-client.js';
import { EXIT_FAILURE, EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { sinceOf } from './read-since.js';
import { markdownReport } from './recommend-markdown.js';
import { humanReport } from './recommend-text.js';
import { reportFormatOf } from './report-format.js';
import { terminalWidth } from './terminal-width.js';

const WIDTH_DEFAULT = 100;
const WIDTH_MAX = 120;
const PRIORITIES: readonly Priority[] = ['low', 'medium', 'high'];

const HELP = `Usage: tachograph recommend [options]

What to change, the most pressing first: finding, evidence, cost a day, fix, and how it will be verified.

  --url URL            The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --service NAME       One service instead of all
  --since TIME         How far back, such as 6h or 7d (default 1d)
  --min-priority WHAT  low, medium or high (default low)
  --limit COUNT        At most so many (default 20)
  --format FORMAT      human, json or md (default human)
  --help               Print this

Exit code 0: nothing to recommend; 1: there is something; 3: no data in this time.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      service: { type: 'string' },
      since: { type: 'string' },
      'min-priority': { type: 'string' },
      limit: { type: 'string' },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { env, stdout } = process;
  if (values.help) {
    stdout.write(HELP);
    return EXIT_OK;
  }
  const format = reportFormatOf(values.format);
  const least = priorityOf(values['min-priority']);
  const get = createReadingClient(collectorUrl(values.url, env), env);
  const since = values.since ?? '1d';
  const range = { service: values.service, from: sinceOf(since) };
  const answer = await get<Recommendations>('/v1/recommendations', {
    ...range,
    limit: values.limit ?? '20',
  });
  if (answer === undefined || answer.services.length === 0) {
    process.stderr.write(
      `Nothing was recorded in the last ${since}. To record a service: node --import tachograph app.js\n`,
    );
    return EXIT_NO_DATA;
  }
  const asked = await get<{ queries: QueryRow[] }>('/v1/queries', { ...range, limit: '10' });
  const isWanted = ({ priority }: { priority: Priority }): boolean =>
    PRIORITIES.indexOf(priority) >= PRIORITIES.indexOf(least);
  const recommendations = answer.recommendations.filter(isWanted);
  const report = { ...answer, recommendations, queries: asked?.queries ?? [], since };
  const width = terminalWidth(WIDTH_DEFAULT, WIDTH_MAX);
  switch (format) {
    case 'json':
      stdout.write(`${JSON.stringify(report)}\n`);
      break;
    case 'md':
      stdout.write(markdownReport(report));
      break;
    case 'human':
      stdout.write(humanReport(report, width, paint()));
  }
  return recommendations.some(({ status }) => status === 'open') ? EXIT_FAILURE : EXIT_OK;
}

/** @throws {UsageError} */
function priorityOf(text = 'low'): Priority {
  const priority = PRIORITIES.find((one) => one === text);
  if (priority !== undefined) return priority;
  throw new UsageError(`expected --min-priority low, medium or high, got ${JSON.stringify(text)}.`);
}
