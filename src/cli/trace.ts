/** `tachograph trace ID`: one trace as a waterfall, part by part where several processes kept one. */

import { parseArgs } from 'node:util';
import type { TraceDetail } from '../collector/views/traces.js';
import { collectorUrl, createReadingClient, URL_DEFAULT } from './collector-client.js';
import { EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { renderTrace } from './render-trace.js';
import { terminalWidth } from './terminal-width.js';
import { formatOf } from './traces.js';

const WIDTH_DEFAULT = 120;

const HELP = `Usage: tachograph trace ID [options]

Shows what one request or job called, when and for how long. ID is what tachograph traces lists,
or the trace id in a log line or a traceparent header.

  --url URL        The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --format FORMAT  human or json (default human)
  --help           Print this

Exit code 3: no such trace was kept.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { env, stdout } = process;
  if (values.help) {
    stdout.write(HELP);
    return EXIT_OK;
  }
  const [id = '', ...more] = positionals;
  if (!/^[\da-f]{32}$/i.test(id) || more.length > 0) {
    throw new UsageError(
      `expected one trace id of 32 hexadecimal digits, got ${JSON.stringify(positionals.join(' '))}.`,
    );
  }
  const format = formatOf(values.format);
  const get = createReadingClient(collectorUrl(values.url, env), env);
  const trace = await get<{ parts: TraceDetail[] }>(`/v1/traces/${id.toLowerCase()}`);
  if (trace === undefined) {
    process.stderr.write('No trace of that id was kept.\n');
    return EXIT_NO_DATA;
  }
  if (format === 'json') stdout.write(`${JSON.stringify(trace)}\n`);
  else {
    const width = terminalWidth(WIDTH_DEFAULT);
    stdout.write(`${trace.parts.map((part) => renderTrace(part, width, paint())).join('\n\n')}\n`);
  }
  return EXIT_OK;
}
