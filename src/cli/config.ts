/**
 * `tachograph config`: what the agent would run on if it were started in this environment: every
 * option, its value, its source, and what is wrong. Starts nothing; shows no secret.
 */

import { parseArgs } from 'node:util';
import { budgetProblems } from '../shared/budget-settings.js';
import { OPTIONS } from '../shared/options.js';
import { formatValue, type ResolvedOptions, resolveOptions } from '../shared/resolve-options.js';
import { spoolRoot } from '../shared/spool-root.js';
import { parseDestinations } from '../transport/destination.js';
import { EXIT_FAILURE, EXIT_OK, UsageError } from './exit-codes.js';

const HELP = `Usage: tachograph config [--format human|json|md]

Prints every option of the agent as it would be in this environment: value, source, default,
and what is wrong. Ends with 1 when something is wrong. Secrets are masked.
`;

const FORMATS = { human, json, md } as const;

interface Line {
  readonly key: string;
  readonly env: string;
  readonly value: string;
  readonly source: string;
  readonly default: string;
}

type Problems = ResolvedOptions['problems'];

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      format: { type: 'string', default: 'human' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  if (!Object.hasOwn(FORMATS, values.format)) {
    throw new UsageError(
      `--format: expected human, json or md, got ${JSON.stringify(values.format)}.`,
    );
  }
  const resolved = resolveOptions(process.env);
  // The agent finds these only when it opens its destinations.
  const problems = [
    ...resolved.problems,
    ...parseDestinations(resolved.options.url).problems,
    ...budgetProblems(resolved.options),
  ];
  const format = FORMATS[values.format as keyof typeof FORMATS];
  process.stdout.write(format(linesOf(resolved), problems));
  return problems.length === 0 ? EXIT_OK : EXIT_FAILURE;
}

function linesOf({ options, sources }: ResolvedOptions): Line[] {
  return OPTIONS.map((row) => {
    const value = options[row.key as keyof typeof options];
    const standard = standardOf(row.key) ?? formatValue(row, row.default);
    return {
      key: row.key,
      env: row.env,
      value: value === '' && !row.secret ? standard : formatValue(row, value),
      source: sources.get(row.key) ?? 'default',
      default: standard,
    };
  });
}

/** What an empty option stands for, where the agent finds that out only as it starts. */
function standardOf(key: string): string | undefined {
  switch (key) {
    case 'spoolDir':
      // The rule of the outlet, which opens the spool.
      return spoolRoot('');
    case 'service':
      return '(the name in the nearest package.json, else the script’s name)';
    default:
      return undefined;
  }
}

function human(lines: readonly Line[], problems: Problems): string {
  const head = ['OPTION', 'VALUE', 'SOURCE'];
  const rows = lines.map(({ env, value, source, default: standard }) => [
    env,
    printable(value),
    printable(source === 'default' ? source : `${source} (default ${standard})`),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  const table = [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
  const found = problems.map(({ code, message }) => `${code}: ${printable(message)}`);
  const verdict = found.length === 0 ? ['No problems.'] : [`Problems: ${found.length}`, ...found];
  return `${[...table, '', ...verdict].join('\n')}\n`;
}

function json(lines: readonly Line[], problems: Problems): string {
  return `${JSON.stringify({ options: lines, problems }, null, 2)}\n`;
}

function md(lines: readonly Line[], problems: Problems): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => printable(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [
    row(['Option', 'Value', 'Source', 'Default']),
    row(['---', '---', '---', '---']),
    ...lines.map((line) => row([line.env, line.value, line.source, line.default])),
  ];
  const found = problems.map(({ code, message }) => `- ${code}: ${printable(message)}`);
  return `${[...table, '', ...(found.length === 0 ? ['No problems.'] : found)].join('\n')}\n`;
}

/** Values come from the environment: none of them may move the cursor or begin a line. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
