/**
 * The runs that others are held against. bench/baseline.json has one of each plan, by the plan's name, because a
 * shorter plan measures other things: an engine less warm, a heap that still shrinks. Any results file will do too.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.js';

/** @typedef {import('../report/markdown.js').Run} Run */
/** @typedef {import('./figures.js').Figure} Figure */

/**
 * @typedef {object} EarlierRun
 * @property {Run} run
 * @property {readonly Figure[]} figures
 */

/** What stands for the committed file on the command line. */
const BASELINE_NAME = 'baseline';
const BASELINE_FILE = fileURLToPath(new URL('../baseline.json', import.meta.url));
/** The 95 % intervals are wider than that by far. */
const DIGITS = 5;

/**
 * @param {string} name `baseline`, or the path of a results file.
 * @param {Pick<Run, 'plan' | 'times'>} now
 * @param {string} [baselineFile]
 * @returns {Promise<EarlierRun>}
 * @throws {BenchError} with exit code 2 when there is none, or it measured otherwise.
 */
export async function readEarlier(name, { plan, times }, baselineFile = BASELINE_FILE) {
  const isBaseline = name === BASELINE_NAME;
  const file = isBaseline ? baselineFile : resolve(name);
  const content = await readJson(file);
  const earlier = isBaseline ? content?.[plan] : content;
  if (isBaseline && earlier === undefined) {
    throw new BenchError(
      `--against: expected a baseline of the ${plan} plan in ${file}, found none. Make one with --write-baseline.`,
      2,
    );
  }
  if (!Array.isArray(earlier?.figures) || earlier.run === undefined) {
    throw new BenchError(
      `--against: expected a file that --json wrote, got one without a run and its figures: ${file}`,
      2,
    );
  }
  if (earlier.run.plan !== plan) {
    throw new BenchError(
      `--against: expected a run of the ${plan} plan, which this one is, got ${earlier.run.plan}: ${file}`,
      2,
    );
  }
  const other = Object.keys(times).find(
    (harness) =>
      JSON.stringify(earlier.run.times?.[harness] ?? {}) !== JSON.stringify(times[harness]),
  );
  if (other !== undefined && earlier.figures.some((figure) => figure.harness === other)) {
    throw new BenchError(
      `--against: expected a run whose ${other} harness took the times of this one, got others: ${file}. Take it anew.`,
      2,
    );
  }
  return earlier;
}

/**
 * Puts the run in the place of the earlier one of the same plan.
 *
 * @param {Run} run
 * @param {readonly Figure[]} figures
 * @param {string} [file]
 * @returns {Promise<string>} The path written.
 */
export async function writeBaseline(run, figures, file = BASELINE_FILE) {
  const runs = existsSync(file) ? await readJson(file) : {};
  const next = { ...runs, [run.plan]: { run, figures } };
  await writeFile(file, `${JSON.stringify(next, shorten, 1)}\n`);
  return file;
}

/**
 * @param {string} _key
 * @param {unknown} value
 */
function shorten(_key, value) {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return Number(value.toPrecision(DIGITS));
}

/** @param {string} file */
async function readJson(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new BenchError(`expected a JSON file of an earlier run, got ${message}`, 2);
  }
}
