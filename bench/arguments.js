/** The command line of `npm run bench`: one table of flags feeds the parser and `--help`. */
import { parseArgs } from 'node:util';
import { BenchError } from './bench-error.js';
import { HARNESS_NAMES } from './harnesses/names.js';
import { PEERS } from './peers/peers.js';
import { ROUNDS_FOR_A_CLAIM_MIN } from './statistics/bootstrap.js';
import { WORKLOADS } from './workloads/workloads.js';

/**
 * @typedef {object} BenchArguments
 * @property {boolean} help
 * @property {boolean} quick
 * @property {number} seed
 * @property {number | undefined} rounds
 * @property {readonly string[] | undefined} harnesses
 * @property {readonly string[] | undefined} workloads
 * @property {readonly string[]} peers
 * @property {string | undefined} node
 * @property {number | undefined} lengthMs Of a growth run.
 * @property {string | undefined} json
 * @property {string | undefined} against
 * @property {boolean} writeBaseline
 * @property {readonly string[] | undefined} readme
 */

const SEED_MAX = 0xffff_ffff;
const ROUNDS_MAX = 1000;
const LENGTH_MS_MIN = 20_000;
const LENGTH_MS_MAX = 86_400_000;
/** @type {Readonly<Record<string, number>>} */
const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000 };
const WORKLOAD_NAMES = WORKLOADS.map(({ name }) => name);
const PEER_NAMES = PEERS.map(({ name }) => name);

/** @type {readonly { name: string, value?: string, description: string }[]} */
const FLAGS = [
  { name: 'quick', description: 'A look in under 3 minutes; the default takes under an hour.' },
  { name: 'harness', value: 'NAMES', description: `Only these: ${HARNESS_NAMES.join(', ')}.` },
  { name: 'workload', value: 'NAMES', description: `Only these: ${WORKLOAD_NAMES.join(', ')}.` },
  {
    name: 'peer',
    value: 'NAMES',
    description: `Besides, from npm: all, ${PEER_NAMES.join(', ')}.`,
  },
  {
    name: 'node',
    value: 'N|PATH',
    description: 'Measure on this Node.js: 24 (from npm), or a binary.',
  },
  { name: 'rounds', value: 'N', description: 'Rounds of each harness; 6 at least for a claim.' },
  { name: 'length', value: 'TIME', description: 'Of growth: 10m (default), 1h, 90s.' },
  { name: 'seed', value: 'N', description: 'Repeats arm order, arrivals and resampling.' },
  { name: 'json', value: 'PATH', description: 'Where raw rows go. Default: bench/results/.' },
  {
    name: 'against',
    value: 'RUN',
    description: 'Compare with "baseline" or an earlier --json file.',
  },
  { name: 'write-baseline', description: 'Make this run the baseline of its plan.' },
  {
    name: 'readme',
    value: 'PATHS',
    description: 'Measure nothing: put earlier --json files into README.',
  },
  { name: 'help', description: 'This text.' },
];

/** @type {Record<string, { type: 'boolean' | 'string' }>} */
const OPTIONS = Object.fromEntries(
  FLAGS.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
);

export const HELP = [
  'Usage: npm run bench -- [flags]',
  '',
  ...FLAGS.map(({ name, value = '', description }) =>
    `  ${`--${name} ${value}`.padEnd(20)} ${description}`.trimEnd(),
  ),
  '',
  'NAMES are separated by commas. docs/guides/overhead.md explains the method.',
].join('\n');

/**
 * @param {readonly string[]} argv Without node and script.
 * @param {number} defaultSeed
 * @returns {BenchArguments}
 * @throws {BenchError} with exit code 2 when a flag or its value cannot be used.
 */
export function parseArguments(argv, defaultSeed) {
  const values = parseFlags(argv);
  const args = {
    help: values.help === true,
    quick: values.quick === true,
    seed: wholeNumber('seed', values.seed, 0, SEED_MAX) ?? defaultSeed,
    rounds: wholeNumber('rounds', values.rounds, 1, ROUNDS_MAX),
    harnesses: names('harness', values.harness, HARNESS_NAMES),
    workloads: names('workload', values.workload, WORKLOAD_NAMES),
    peers: values.peer === 'all' ? PEER_NAMES : (names('peer', values.peer, PEER_NAMES) ?? []),
    node: text(values.node),
    lengthMs: duration('length', values.length),
    json: text(values.json),
    against: text(values.against),
    writeBaseline: values['write-baseline'] === true,
    readme: text(values.readme)?.split(','),
  };
  if (args.writeBaseline) assertWhole(args);
  return args;
}

/**
 * The command that a report names, for whoever repeats the run: where its rows went is this machine's.
 *
 * @param {readonly string[]} argv that can be parsed
 */
export function commandOf(argv) {
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, strict: true, tokens: true });
  const words = tokens.flatMap((token) =>
    token.kind === 'option' && token.name !== 'json' ? [token.rawName, token.value ?? []] : [],
  );
  return ['npm run bench --', ...words.flat()].join(' ');
}

/**
 * A baseline takes the place of the one before, so it has to hold as much.
 *
 * @param {BenchArguments} args
 */
function assertWhole({ harnesses, workloads, rounds = ROUNDS_FOR_A_CLAIM_MIN }) {
  if (!harnesses && !workloads && rounds >= ROUNDS_FOR_A_CLAIM_MIN) return;
  throw new BenchError(
    `--write-baseline: expected every harness, every workload and at least ${ROUNDS_FOR_A_CLAIM_MIN} rounds. ` +
      'Leave --harness, --workload and --rounds out.',
    2,
  );
}

/**
 * @param {readonly string[]} argv
 * @returns {Record<string, string | boolean | undefined>}
 */
function parseFlags(argv) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw new BenchError(`${/** @type {Error} */ (error).message}\n\n${HELP}`, 2);
  }
}

/** @param {string | boolean | undefined} value */
function text(value) {
  return value === undefined ? undefined : String(value);
}

/**
 * @param {string} flag
 * @param {string | boolean | undefined} text
 * @param {number} min
 * @param {number} max
 */
function wholeNumber(flag, text, min, max) {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(String(text)) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new BenchError(
    `--${flag}: expected a whole number from ${min} to ${max}, got "${text}".`,
    2,
  );
}

/**
 * @param {string} flag
 * @param {string | boolean | undefined} text
 * @returns {number | undefined} ms
 */
function duration(flag, text) {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^(\d+)([smh])$/.exec(String(text)) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  if (ms >= LENGTH_MS_MIN && ms <= LENGTH_MS_MAX) return ms;
  throw new BenchError(`--${flag}: expected a time from 20s to 24h such as 10m, got "${text}".`, 2);
}

/**
 * @param {string} flag
 * @param {string | boolean | undefined} text
 * @param {readonly string[]} known
 */
function names(flag, text, known) {
  if (text === undefined) return undefined;
  const items = [...new Set(String(text).split(','))].map((item) => item.trim());
  for (const item of items) {
    if (known.includes(item)) continue;
    throw new BenchError(`--${flag}: expected one of ${known.join(', ')}, got "${item}".`, 2);
  }
  return items;
}
