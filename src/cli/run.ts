/**
 * `tachograph run -- COMMAND`: runs a command under the agent, with a collector on this machine when
 * none answers. Owns both children: the command's exit code becomes ours, and the collector ends with
 * us, however we end (unless it is to be kept).
 */
import { parseArgs } from 'node:util';
import { resolveOptions } from '../shared/resolve-options.js';
import { parseDestinations } from '../transport/destination.js';
import { execute, forwardSignals } from './child-command.js';
import { EXIT_OK, UsageError } from './exit-codes.js';
import { ensureCollector, type LocalCollector } from './local-collector.js';

const HELP = `Usage: tachograph run [options] -- COMMAND [ARGUMENT …]

Runs a command with the agent in every Node.js process of it, and starts a collector when the
destination is this machine and none answers there. Ends with the command's exit code
(128 + n after signal n, 127 when there is no such command, 126 when it cannot be run).

  --url URL        Where batches go [TACHOGRAPH_URL]
  --service NAME   Name of the service [TACHOGRAPH_SERVICE]
  --keep           Leave a collector that was started running
  --help           Print this
`;

const OPTIONS = {
  url: { type: 'string' },
  service: { type: 'string' },
  keep: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function run(args: string[]): Promise<number> {
  const { own, command } = split(args);
  const { values } = parseArgs({ args: own, options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const [file, ...rest] = command;
  if (file === undefined) {
    throw new UsageError('expected a command to run, got none: tachograph run -- node app.js');
  }
  const env = environmentOf(values.url, values.service);
  // From here on a signal is for the command, also while the collector starts.
  const forward = forwardSignals();
  let collector: LocalCollector | undefined;
  try {
    collector = await ensureCollector(env.TACHOGRAPH_URL, values.keep ?? false);
    const { code, isStarted } = await execute(file, rest, env, forward);
    if (isStarted) {
      process.stderr.write(`tachograph: ${whereToRead(collector, env.TACHOGRAPH_URL)}\n`);
    }
    return code;
  } finally {
    forward.end();
    await collector?.release();
  }
}

/** Our options, and the command: what follows `--`, or the first word that is no option. */
function split(args: string[]): { own: string[]; command: string[] } {
  const { tokens } = parseArgs({
    args,
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const begin = tokens.find(({ kind }) => kind !== 'option');
  if (begin === undefined) return { own: args, command: [] };
  const skip = begin.kind === 'option-terminator' ? 1 : 0;
  return { own: args.slice(0, begin.index), command: args.slice(begin.index + skip) };
}

type RunEnvironment = NodeJS.ProcessEnv & { readonly TACHOGRAPH_URL: string };

/** @throws {UsageError} when --url names no destination. */
function environmentOf(url: string | undefined, service: string | undefined): RunEnvironment {
  const env = { ...process.env };
  if (url !== undefined) {
    env.TACHOGRAPH_URL = url;
    const [problem] = parseDestinations(url.split(',')).problems;
    if (problem !== undefined) throw new UsageError(`--url: ${problem.message}`);
  }
  if (service !== undefined) env.TACHOGRAPH_SERVICE = service;
  return {
    ...env,
    TACHOGRAPH_URL: resolveOptions(env).options.url.join(','),
    NODE_OPTIONS: preloading(env.NODE_OPTIONS),
  };
}

/** A file URL holds no space and no quote, whatever the path: it needs no quoting here. */
function preloading(nodeOptions: string | undefined): string {
  const register = new URL('../register.js', import.meta.url).href;
  return [nodeOptions, `--import=${register}`].filter(Boolean).join(' ');
}

function whereToRead(collector: LocalCollector | undefined, url: string): string {
  if (collector === undefined) {
    const { destinations } = parseDestinations(url.split(','));
    return `recorded to ${destinations.map(({ label }) => label).join(', ')}`;
  }
  const top = `npx tachograph top --url ${collector.origin}`;
  if (collector.isRunningAfterwards) return `recorded at ${collector.origin}; read it: ${top}`;
  return `recorded; read it: npx tachograph collector${collector.portOption}, then ${top}`;
}
