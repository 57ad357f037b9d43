/**
 * From results to README: `--readme` keeps what README shows of a run in bench/readme.json, and writes the table
 * between two comments of README. A test holds that the two agree, so no figure is typed by hand.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.js';
import { isBusy } from '../machine/describe-machine.js';
import { isHeadline, renderReadmeTable } from './readme-table.js';

/** @typedef {import('./readme-table.js').PublishedRun} PublishedRun */

export const README_BEGIN = '<!-- overhead: written by npm run bench -- --readme -->';
export const README_END = '<!-- overhead: end -->';

const PLACES = {
  readme: fileURLToPath(new URL('../../README.md', import.meta.url)),
  published: fileURLToPath(new URL('../readme.json', import.meta.url)),
};

/**
 * @param {readonly string[]} paths Files that --json wrote, in the order of their tables.
 * @param {typeof PLACES} [places]
 * @returns {Promise<string>} The table.
 * @throws {BenchError} when a run may not be quoted, or README has no place for the table.
 */
export async function publish(paths, places = PLACES) {
  const runs = await Promise.all(paths.map(readRun));
  const readme = await readFile(places.readme, 'utf8');
  await writeFile(places.readme, withTable(readme, runs));
  await writeFile(places.published, `${JSON.stringify(runs, null, 1)}\n`);
  return renderReadmeTable(runs);
}

/**
 * @param {string} readme
 * @param {readonly PublishedRun[]} runs
 * @returns {string} README with the table between its comments.
 * @throws {BenchError} when it lacks one of the comments.
 */
export function withTable(readme, runs) {
  const begin = readme.indexOf(README_BEGIN);
  const end = readme.indexOf(README_END);
  if (begin < 0 || end < begin) {
    throw new BenchError(`README: expected "${README_BEGIN}" and then "${README_END}".`);
  }
  const text = renderReadmeTable(runs);
  const between = text === '' ? '\n' : `\n\n${text}\n\n`;
  return readme.slice(0, begin + README_BEGIN.length) + between + readme.slice(end);
}

/**
 * @param {string} path
 * @returns {Promise<PublishedRun>}
 */
async function readRun(path) {
  const { run, findings } = await readResults(path);
  if (run.plan !== 'full') {
    throw new BenchError(`--readme: expected a run of the full plan, got ${run.plan}: ${path}`, 2);
  }
  if (isBusy(run.machine)) {
    throw new BenchError(
      `--readme: expected a run on a machine with nothing else to do, got a load average of ${run.machine.loadAtStart}: ${path}`,
      2,
    );
  }
  const comparisons = findings.comparisons.filter(isHeadline);
  return { run, findings: { comparisons, costs: findings.costs.filter(isHeadline) } };
}

/**
 * @param {string} path
 * @returns {Promise<PublishedRun>}
 */
async function readResults(path) {
  let results;
  try {
    results = JSON.parse(await readFile(resolve(path), 'utf8'));
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new BenchError(`--readme: expected a JSON file, got ${message}`, 2);
  }
  if (results?.run === undefined || results.findings?.comparisons === undefined) {
    throw new BenchError(`--readme: expected a file that --json wrote, got another: ${path}`, 2);
  }
  return results;
}
