/**
 * `npm run fuzz -- --for 60s --seed 7`: mutated inputs for decoder, spool reader, options, ingest and read
 * API, each for its share of the time. Prints executions and corpus size; what breaks a promise is made
 * small, kept in test/fixtures/fuzz, printed with its reason, and ends the command with 1.
 */
import { parseArgs } from 'node:util';
import { buildWhenStale } from './build.js';

const HELP = `npm run fuzz -- [--for 60s] [--seed N] [--target NAME,…]

  --for TIME      30s, 5m, 1h, shared by the targets (default 60s)
  --seed N        Repeats a run (default: drawn, and printed)
  --target NAMES  Only these: decoder, spool-reader, options, ingest, api
`;
/** @type {Readonly<Record<string, number>>} */
const UNITS_MS = { s: 1000, m: 60_000, h: 3_600_000 };
const SEED_MAX = 0xffff_ffff;

async function main() {
  const { values } = parseArgs({
    options: {
      for: { type: 'string', default: '60s' },
      seed: { type: 'string' },
      target: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(HELP);
  const forMs = durationMs(values.for);
  const seed = seedOf(values.seed);
  if (!(await buildWhenStale())) throw new Error('src does not compile');
  const { TARGETS } = await import('./fuzz/targets.js');
  const { runTarget } = await import('./fuzz/run-target.js');
  const { keepFinding, knownFindings } = await import('./fuzz/findings.js');
  const targets = chosen(TARGETS, values.target);
  console.log(`seed ${seed}, ${values.for} for ${targets.length} targets`);
  let executions = 0;
  for (const target of targets) {
    const endMs = performance.now() + forMs / targets.length;
    const isOver = () => performance.now() >= endMs;
    const known = knownFindings(target.name);
    const report = await runTarget(target, { seed, known, isOver });
    await target.close?.();
    executions += report.executions;
    const { name } = target;
    console.log(`${name.padEnd(12)} ${report.executions} executions, corpus ${report.corpusSize}`);
    if (report.finding === undefined) continue;
    console.log(`${name}: ${report.reason}\nkept as ${keepFinding(name, report.finding)}`);
    process.exitCode = 1;
  }
  console.log(`${executions} executions in all`);
}

/** @param {string} text */
function durationMs(text) {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  if (match === null)
    throw new Error(`expected --for as 60s, 5m or 1h, got ${JSON.stringify(text)}`);
  return Number(match[1]) * /** @type {number} */ (UNITS_MS[/** @type {string} */ (match[2])]);
}

/** @param {string | undefined} text */
function seedOf(text) {
  if (text === undefined) return Math.floor(Math.random() * SEED_MAX);
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : SEED_MAX + 1;
  if (seed <= SEED_MAX) return seed;
  throw new Error(`expected --seed from 0 to ${SEED_MAX}, got ${JSON.stringify(text)}`);
}

/**
 * @param {readonly import('./fuzz/run-target.js').Target[]} all
 * @param {string | undefined} names
 */
function chosen(all, names) {
  if (names === undefined) return all;
  return names.split(',').map((wanted) => {
    const target = all.find(({ name }) => name === wanted);
    if (target !== undefined) return target;
    const known = all.map(({ name }) => name).join(', ');
    throw new Error(`expected targets among ${known}, got ${JSON.stringify(wanted)}`);
  });
}

try {
  await main();
} catch (error) {
  console.error(`fuzz: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 2;
}
