/**
 * `tachograph measure NAME -- COMMAND`: runs any command and records how long it took, whether it
 * succeeds or not. Its input, output, signals and exit code are as without us.
 */
import { parseArgs } from 'node:util';
import { COMMAND_MODULES, type CommandKind } from '../shared/command-kinds.js';
import { resolveOptions } from '../shared/resolve-options.js';
import type { OnTrouble } from '../transport/trouble.js';
import { execute, forwardSignals } from './child-command.js';
import { deliverOperation } from './deliver-operation.js';
import { EXIT_OK, UsageError } from './exit-codes.js';

const KINDS = Object.keys(COMMAND_MODULES).join(', ');
const NAME_LENGTH_MAX = 256;

const HELP = `Usage: tachograph measure [options] NAME -- COMMAND [ARGUMENT …]

Runs a command in any language, and records its duration under NAME. Ends with the command's exit
code (128 + n after signal n, 127 when there is no such command, 126 when it cannot be run).

  --kind KIND      What it is, for its budget: ${KINDS} (default: command)
  --url URL        Where it is recorded [TACHOGRAPH_URL]
  --service NAME   Name of the service [TACHOGRAPH_SERVICE]
  --help           Print this
`;

const OPTIONS = {
  kind: { type: 'string' },
  url: { type: 'string' },
  service: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export async function run(args: string[]): Promise<number> {
  const cut = args.includes('--') ? args.indexOf('--') : args.length;
  const { values, positionals } = parseArgs({
    args: args.slice(0, cut),
    options: OPTIONS,
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const name = nameOf(positionals);
  const module = moduleOf(values.kind ?? 'command');
  const [file, ...rest] = args.slice(cut + 1);
  if (file === undefined) {
    throw new UsageError('expected a command after --: tachograph measure NAME -- COMMAND');
  }
  const { options, problems } = resolveOptions({
    ...process.env,
    ...(values.url === undefined ? {} : { TACHOGRAPH_URL: values.url }),
    ...(values.service === undefined ? {} : { TACHOGRAPH_SERVICE: values.service }),
  });
  const warn = options.log === 'silent' ? () => {} : onStderr();
  for (const { code, message } of problems) warn(code, message);

  const forward = forwardSignals();
  try {
    const startedMs = Date.now();
    const beginMs = performance.now();
    const { code, signal, isStarted } = await execute(file, rest, process.env, forward);
    const durationMs = performance.now() - beginMs;
    const errorType = signal ?? (code === 0 ? undefined : `exit ${code}`);
    if (isStarted && options.enabled) {
      const operation = { name, module, errorType, startedMs, durationMs };
      // What the command did stands, whatever becomes of its record.
      await deliverOperation(operation, options, warn).catch((error: Error) =>
        warn('TACHO_BATCH_INVALID', error.message),
      );
    }
    return code;
  } finally {
    forward.end();
  }
}

/** @throws {UsageError} when there is not exactly one. */
function nameOf(positionals: readonly string[]): string {
  const [name = '', ...others] = positionals;
  if (name === '' || name.length > NAME_LENGTH_MAX || others.length > 0) {
    const came = positionals.length === 0 ? 'none' : JSON.stringify(positionals.join(' '));
    throw new UsageError(`expected one name of the operation before --, got ${came}.`);
  }
  return name;
}

/** @throws {UsageError} when there is no such kind. */
function moduleOf(kind: string): string {
  if (!Object.hasOwn(COMMAND_MODULES, kind)) {
    throw new UsageError(`--kind: expected one of ${KINDS}, got ${JSON.stringify(kind)}.`);
  }
  return COMMAND_MODULES[kind as CommandKind];
}

/** Trouble is told once a kind, and never becomes the command's. */
function onStderr(): OnTrouble {
  const told = new Set<string>();
  return (code, detail) => {
    if (told.has(code)) return;
    told.add(code);
    process.stderr.write(`tachograph: ${code}: ${detail}\n`);
  };
}
