#!/usr/bin/env node
/**
 * The `tachograph` command: finds the row of the first argument and runs it. A command's code is
 * loaded only when it is run. Exit codes: 0 ok, 1 findings or failure, 2 usage, 3 no data.
 */
import { readFile } from 'node:fs/promises';
import { nearestName } from '../shared/nearest-name.js';
import { EXIT_FAILURE, EXIT_OK, EXIT_USAGE, UsageError } from './exit-codes.js';

interface Command {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ run(args: string[]): Promise<number> }>;
}

const COMMANDS: readonly Command[] = [
  {
    name: 'collector',
    summary: 'Receive, store and serve what agents send',
    load: () => import('./collector.js'),
  },
  {
    name: 'token',
    summary: 'Make, list and revoke the tokens of a collector',
    load: () => import('./token.js'),
  },
  {
    name: 'run',
    summary: 'Run a command under the agent, with a collector',
    load: () => import('./run.js'),
  },
  {
    name: 'measure',
    summary: 'Run any command and record how long it took',
    load: () => import('./measure.js'),
  },
  {
    name: 'config',
    summary: 'Print every option, its value and its source',
    load: () => import('./config.js'),
  },
  {
    name: 'doctor',
    summary: 'Say what keeps data from arriving, and what to do',
    load: () => import('./doctor.js'),
  },
  {
    name: 'top',
    summary: 'Show a live view of a collector in the terminal',
    load: () => import('./top.js'),
  },
  {
    name: 'tail',
    summary: 'Follow requests that were slow or failed as they come',
    load: () => import('./tail.js'),
  },
  {
    name: 'traces',
    summary: 'List the traces of requests that were slow or failed',
    load: () => import('./traces.js'),
  },
  {
    name: 'trace',
    summary: 'Show one trace as a waterfall',
    load: () => import('./trace.js'),
  },
  {
    name: 'report',
    summary: 'Show or mail the report of a day',
    load: () => import('./report.js'),
  },
  {
    name: 'review',
    summary: 'Show or mail the review of a week',
    load: () => import('./review.js'),
  },
  {
    name: 'advise',
    summary: 'Say which indexes the statements of a database would gain from',
    load: () => import('./advise.js'),
  },
  {
    name: 'recommend',
    summary: 'Say what to change, with evidence, cost and fix',
    load: () => import('./recommend.js'),
  },
  {
    name: 'checklist',
    summary: 'Evaluate the best practices, each with its evidence',
    load: () => import('./checklist.js'),
  },
  {
    name: 'audit',
    summary: 'Look at the files of a folder or the pages of a site',
    load: () => import('./audit.js'),
  },
  {
    name: 'alert',
    summary: 'List, test, replay and silence alerts',
    load: () => import('./alert.js'),
  },
];

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(helpText());
    return EXIT_OK;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${await version()}\n`);
    return EXIT_OK;
  }
  const command = COMMANDS.find((row) => row.name === name);
  if (command === undefined) {
    const closest = nearestName(
      name,
      COMMANDS.map((row) => row.name),
    );
    const hint = closest === undefined ? '' : ` Did you mean "${closest}"?`;
    throw new UsageError(`expected a command, got ${JSON.stringify(name)}.${hint}`);
  }
  const { run } = await command.load();
  return await run(args);
}

function helpText(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const rows = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
  return (
    'Usage: tachograph <command> [options]\n\n' +
    `Commands:\n${rows.join('')}\n` +
    'tachograph <command> --help tells a command’s options.\n' +
    'To record a service: node --import tachograph app.js\n'
  );
}

async function version(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

// Who reads but a part (`| head`) has what it wants: that is no failure of the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    // What node:util's parseArgs throws for unknown options and missing values.
    String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS_');
  process.stderr.write(`tachograph: ${(error as Error).message}\n`);
  if (isUsage) process.stderr.write('Try: tachograph --help\n');
  process.exitCode = isUsage ? EXIT_USAGE : EXIT_FAILURE;
}
