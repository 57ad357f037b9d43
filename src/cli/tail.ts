/**
 * `tachograph tail`: requests whose trace was kept, a line each as they come. Goes on while the collector is
 * restarted; ends with Ctrl-C, with its reader, or after as many as were asked for.
 */

import { parseArgs } from 'node:util';
import type { LiveRequest } from '../collector/live/live-event.js';
import { formatItems } from '../shared/format-items.js';
import {
  type CollectorError,
  collectorUrl,
  createStreamOpener,
  isUnanswered,
  URL_DEFAULT,
} from './collector-client.js';
import { EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { type LiveOptions, liveEvents } from './live-events.js';
import { paint } from './paint.js';
import { traceLine } from './render-trace.js';
import { terminalWidth } from './terminal-width.js';
import { formatOf } from './traces.js';

const WIDTH_DEFAULT = 140;

const HELP = `Usage: tachograph tail [options]

Follows requests as they come whose trace was kept: those that were slow or failed, made too many
queries, or are a sample of the rest. Begins with the newest there are.

  --url URL            The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --service NAME       One service instead of all
  --route ROUTE        One route, as it is recorded: /orders/:id or "POST /orders"
  --min-duration TIME  At least as long, such as 200ms
  --limit COUNT        End after so many
  --format FORMAT      human or json, one line a request (default human)
  --help               Print this

tachograph trace ID shows one. Exit code 3: no collector answers.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      service: { type: 'string' },
      route: { type: 'string' },
      'min-duration': { type: 'string' },
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
  const limit = limitOf(values.limit);
  const { method, route } = routeOf(values.route);
  const unread = new AbortController();
  stdout.once('error', () => unread.abort());
  const requests = liveRequests({
    open: createStreamOpener(collectorUrl(values.url, env), env, '/v1/live'),
    query: { service: values.service, method, route, min: values['min-duration'] },
    signal: unread.signal,
  });
  let count = 0;
  try {
    for await (const request of requests) {
      stdout.write(`${format === 'json' ? JSON.stringify(request) : lineOf(request)}\n`);
      count += 1;
      if (count === limit) break;
    }
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    process.stderr.write(`tachograph: ${error.message}\n`);
    return EXIT_NO_DATA;
  }
  return EXIT_OK;
}

/** `omitted`: requests before it that were more than could be sent. */
type Told = LiveRequest & { readonly omitted?: number };

async function* liveRequests(options: Omit<LiveOptions, 'onLost'>): AsyncGenerator<Told> {
  const onLost = ({ message }: CollectorError): void => {
    process.stderr.write(`tachograph: ${message}; trying again\n`);
  };
  for await (const { event, data } of liveEvents({ ...options, onLost })) {
    if (event === 'request') yield JSON.parse(data) as Told;
  }
}

function lineOf(request: Told): string {
  const { method, route, status, omitted } = request;
  const title = [method, route || '(no name)', status ?? '']
    .filter((part) => part !== '')
    .join(' ');
  const before =
    omitted === undefined ? '' : `… ${formatItems(omitted, 'request')} more than could be shown\n`;
  return before + traceLine({ ...request, title }, terminalWidth(WIDTH_DEFAULT), paint());
}

/** `POST /orders` is a method and a route. */
function routeOf(text: string | undefined): { method?: string; route?: string | undefined } {
  const [, method, route] = /^([A-Za-z]+) +(\S.*)$/.exec(text ?? '') ?? [];
  return method === undefined ? { route: text } : { method: method.toUpperCase(), route };
}

/** @throws {UsageError} */
function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`expected --limit of at least 1, got ${JSON.stringify(text)}.`);
}
