/** `tachograph alert`: what fires, a test of who is told, rules over stored history, and silences. */
import { parseArgs } from 'node:util';
import { listAlerts, replayAlerts } from './alert-list.js';
import { listSilences, silence, unsilence } from './alert-silence.js';
import { testNotifiers } from './alert-test.js';
import { collectorUrl, URL_DEFAULT } from './collector-client.js';
import { EXIT_OK, UsageError } from './exit-codes.js';
import { formatOf } from './traces.js';

const HELP = `Usage: tachograph alert list [--history [--from TIME] [--to TIME]] [--service NAME]
       tachograph alert test
       tachograph alert replay [--from TIME] [--to TIME] [--service NAME]
       tachograph alert silence --for TIME [--service NAME] [--rule RULE] [--match NAME=TEXT]…
       tachograph alert silences
       tachograph alert unsilence ID

list       What fires now, or with --history what did. Exit code 1: something fires.
test       Sends a message through every notifier of this environment and says what became of
           each (docs/guides/alerts.md). Exit code 1: one was not told; 3: there is none.
replay     What the rules would have said of the history that a collector has.
silence    Nobody is told of what matches, for so long. * stands for any text.
unsilence  Takes a silence back.

  --url URL         The collector (default ${URL_DEFAULT}) [TACHOGRAPH_COLLECTOR_URL]
  --from, --to TIME Such as -7d, -6h, now, 2026-11-22T08:00Z (default: the last day, of --history a week)
  --for TIME        Such as 30m or 2h
  --rule RULE       A rule of docs/reference/alerts.md, or a metric for all its levels
  --level LEVEL     CRITICAL, WARNING or INFO
  --comment TEXT    Why, for others
  --format FORMAT   human or json (default human)
  --help            Print this

A token is taken from TACHOGRAPH_COLLECTOR_READ_TOKEN or …_READ_TOKEN_FILE; silences need one of the
role admin, where the collector has tokens.
`;

const OPTIONS = {
  url: { type: 'string' },
  history: { type: 'boolean' },
  service: { type: 'string' },
  rule: { type: 'string' },
  level: { type: 'string' },
  match: { type: 'string', multiple: true },
  for: { type: 'string' },
  comment: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export interface AlertArguments {
  readonly url: string;
  readonly format: 'human' | 'json';
  readonly values: {
    readonly [Name in keyof typeof OPTIONS]?: string | boolean | string[] | undefined;
  };
  readonly id: string | undefined;
}

export async function run(args: string[]): Promise<number> {
  const joined = withTimesJoined(args);
  const { values, positionals } = parseArgs({
    args: joined,
    allowPositionals: true,
    options: OPTIONS,
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const [action, id, ...others] = positionals;
  if (others.length > 0 || (id !== undefined && action !== 'unsilence')) {
    throw new UsageError('expected one action, got more. Try: tachograph alert --help');
  }
  const url = collectorUrl(values.url, process.env);
  const given: AlertArguments = { url, format: formatOf(values.format), values, id };
  switch (action) {
    case 'list':
      return await listAlerts(given);
    case 'test':
      return await testNotifiers(given);
    case 'replay':
      return await replayAlerts(given);
    case 'silence':
      return await silence(given);
    case 'silences':
      return await listSilences(given);
    case 'unsilence':
      return await unsilence(given);
    default: {
      const came = action === undefined ? 'none' : JSON.stringify(action);
      throw new UsageError(
        `expected list, test, replay, silence, silences or unsilence, got ${came}.`,
      );
    }
  }
}

/** `--from -7d` as `--from=-7d`: by itself `-7d` would be taken for options. */
function withTimesJoined(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    const isTime = /^-\d/.test(arg) && (before === '--from' || before === '--to');
    if (isTime) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}
