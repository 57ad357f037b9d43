/**
 * `tachograph top`: a live view of a collector. It draws in place only on a terminal, on the alternate
 * screen, and gives the screen back however it ends; elsewhere it prints one view, or with an interval
 * one after the other.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  CollectorError,
  collectorUrl,
  createReadingClient,
  isUnanswered,
  URL_DEFAULT,
} from './collector-client.js';
import { EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { renderTop } from './render-top.js';
import { createScreen } from './screen.js';
import { terminalWidth } from './terminal-width.js';
import { loadTopData, type TopData } from './top-data.js';

const INTERVAL_DEFAULT = '2s';
const INTERVAL_MS_MIN = 500;
const RANGE_MS_MIN = 10_000;
const RANGE_MS_MAX = 3_600_000;
const WIDTH_DEFAULT = 120;
/** Of a view that is printed: more than any has. */
const ROWS_MAX = 10_000;

const HELP = `Usage: tachograph top [options]

Shows what a collector received in the last minute (in the last three windows, where agents
send windows longer than 20 s): routes by total time first, outbound calls, operations by module,
jobs and messages, budgets in breach, and the newest traces.

  --url URL          The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --service NAME     One service instead of all
  --once             Print one view and end
  --interval TIME    Time between views, such as 500ms, 2s or 1m (default ${INTERVAL_DEFAULT})
  --range TIME       Time shown, from 10s to 60m, instead of that
  --format FORMAT    human or json (default human; json prints one line a view)
  --help             Print this

On a terminal: q or Ctrl-C ends. Exit code 3: there is no data.
A read token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      service: { type: 'string' },
      once: { type: 'boolean' },
      interval: { type: 'string' },
      range: { type: 'string' },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const { env, stdout } = process;
  const format = values.format ?? 'human';
  if (format !== 'human' && format !== 'json') {
    throw new UsageError(`expected --format human or json, got ${JSON.stringify(format)}.`);
  }
  const intervalMs = parseInterval(values.interval ?? INTERVAL_DEFAULT);
  const rangeMs = values.range === undefined ? undefined : parseRange(values.range);
  const url = collectorUrl(values.url, env);
  const get = createReadingClient(url, env);
  const load = (): Promise<TopData | undefined> =>
    loadTopData({ get, service: values.service, rangeMs }, Date.now());

  const first = await firstData(load, noDataText(url, values.service));
  if (first === undefined) return EXIT_NO_DATA;
  if (values.once || (!stdout.isTTY && values.interval === undefined)) {
    stdout.write(format === 'json' ? `${JSON.stringify(first)}\n` : `${plain(first)}\n`);
    return EXIT_OK;
  }
  if (format === 'human' && stdout.isTTY) return await live(first, load, intervalMs);
  return await print(first, load, intervalMs, format);
}

/** Undefined when there is nothing to show; why, and how to begin, was said. */
async function firstData(
  load: () => Promise<TopData | undefined>,
  noData: string,
): Promise<TopData | undefined> {
  try {
    const data = await load();
    if (data === undefined) process.stderr.write(noData);
    return data;
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    process.stderr.write(`tachograph: ${error.message}\n`);
    return undefined;
  }
}

function noDataText(url: string, service: string | undefined): string {
  const what = service === undefined ? 'No service' : `No service named ${JSON.stringify(service)}`;
  return (
    `${what} has sent anything to ${url} yet.\n` +
    `Record one: TACHOGRAPH_URL=${url} node --import tachograph app.js\n`
  );
}

function plain(data: TopData): string {
  return renderTop(data, terminalWidth(WIDTH_DEFAULT), ROWS_MAX, paint());
}

/** One view after the other, for a pipe or a log. Ends when the reader does. */
async function print(
  first: TopData,
  load: () => Promise<TopData | undefined>,
  intervalMs: number,
  format: 'human' | 'json',
): Promise<number> {
  const ended = new AbortController();
  process.stdout.once('error', () => ended.abort());
  let data: TopData | undefined = first;
  while (!ended.signal.aborted) {
    if (data !== undefined) {
      const text = format === 'json' ? JSON.stringify(data) : `${plain(data)}\n`;
      process.stdout.write(`${text}\n`);
    }
    await delay(intervalMs, undefined, { signal: ended.signal }).catch(() => {});
    data = await load();
  }
  return EXIT_OK;
}

async function live(
  first: TopData,
  load: () => Promise<TopData | undefined>,
  intervalMs: number,
): Promise<number> {
  let data = first;
  let trouble = '';
  const screen = createScreen(process.stdin, process.stdout, (width, height) => {
    const view = renderTop(data, width, trouble === '' ? height : height - 1, paint());
    return trouble === '' ? view : `${trouble.slice(0, width)}\n${view}`;
  });
  try {
    while (!screen.ended.aborted) {
      screen.draw();
      await delay(intervalMs, undefined, { signal: screen.ended }).catch(() => {});
      if (screen.ended.aborted) break;
      try {
        data = (await load()) ?? data;
        trouble = '';
      } catch (error) {
        // The last view stays, under the reason why it is old.
        if (!(error instanceof CollectorError)) throw error;
        trouble = error.message;
      }
    }
  } finally {
    screen.close();
  }
  return EXIT_OK;
}

/** NaN when it is no time. */
function parseTimeMs(text: string): number {
  const match = /^(\d{1,6})(ms|s|m)$/.exec(text);
  const unitMs = { ms: 1, s: 1000, m: 60_000 }[match?.[2] ?? ''] ?? 0;
  return Number(match?.[1]) * unitMs;
}

function parseRange(text: string): number {
  const rangeMs = parseTimeMs(text);
  if (rangeMs >= RANGE_MS_MIN && rangeMs <= RANGE_MS_MAX) return rangeMs;
  throw new UsageError(`expected --range from 10s to 60m, got ${JSON.stringify(text)}.`);
}

function parseInterval(text: string): number {
  const intervalMs = parseTimeMs(text);
  if (intervalMs >= INTERVAL_MS_MIN) return intervalMs;
  throw new UsageError(
    `expected --interval of at least ${INTERVAL_MS_MIN}ms, such as 2s, got ${JSON.stringify(text)}.`,
  );
}
