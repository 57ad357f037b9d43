/** `tachograph traces`: the traces that a collector has, newest or slowest first, one a line. */

import { parseArgs } from 'node:util';
import type { TraceRow } from '../collector/views/traces.js';
import { collectorUrl, createReadingClient, URL_DEFAULT } from './collector-client.js';
import { EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { sinceOf } from './read-since.js';
import { renderTraces } from './render-trace.js';
import { terminalWidth } from './terminal-width.js';

const WIDTH_DEFAULT = 140;

const HELP = `Usage: tachograph traces [options]

Lists the traces of requests that were slow, failed or made too many queries.

  --url URL            The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --service NAME       One service instead of all
  --route ROUTE        One route, as it is recorded: /orders/:id
  --reason REASON      slow, error, queries or sample
  --user HASH          Of one user, by the hash that a trace shows (TACHOGRAPH_USER)
  --min-duration TIME  At least as long, such as 500ms
  --since TIME         How far back, such as 15m, 6h or 7d (default 1h)
  --slowest            The slowest first instead of the newest
  --limit COUNT        At most so many (default 20)
  --format FORMAT      human or json (default human)
  --help               Print this

tachograph trace ID shows one; tachograph tail follows them as they come. Exit code 3: there is none.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      service: { type: 'string' },
      route: { type: 'string' },
      reason: { type: 'string' },
      user: { type: 'string' },
      'min-duration': { type: 'string' },
      since: { type: 'string' },
      slowest: { type: 'boolean' },
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
  const format = formatOf(values.format);
  const get = createReadingClient(collectorUrl(values.url, env), env);
  const answer = await get<{ traces: TraceRow[] }>('/v1/traces', {
    service: values.service,
    route: values.route,
    reason: values.reason,
    user: values.user,
    min: values['min-duration'],
    from: sinceOf(values.since ?? '1h'),
    order: values.slowest ? 'slowest' : 'newest',
    limit: values.limit ?? '20',
  });
  const traces = answer?.traces ?? [];
  if (format === 'json') stdout.write(`${JSON.stringify(traces)}\n`);
  else if (traces.length > 0) {
    stdout.write(`${renderTraces(traces, terminalWidth(WIDTH_DEFAULT), paint())}\n`);
  } else process.stderr.write('No trace was kept in this time.\n');
  return traces.length > 0 ? EXIT_OK : EXIT_NO_DATA;
}

/** @throws {UsageError} */
export function formatOf(text = 'human'): 'human' | 'json' {
  if (text === 'human' || text === 'json') return text;
  throw new UsageError(`expected --format human or json, got ${JSON.stringify(text)}.`);
}
