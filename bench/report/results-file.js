/** Raw rows as JSON, so that a figure can be traced and judged anew. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.js';

const FOLDER = fileURLToPath(new URL('../results/', import.meta.url));

/**
 * @param {string | undefined} path Where to; by default a new file in bench/results.
 * @param {import('./markdown.js').Run} run
 * @param {readonly import('../harnesses/rows.js').Row[]} rows
 * @param {object} findings
 * @param {readonly import('../against/figures.js').Figure[]} figures
 * @returns {Promise<string>} The path written.
 * @throws {BenchError} when the file cannot be written.
 */
export async function writeResults(path, run, rows, findings, figures) {
  const file = resolve(path ?? `${FOLDER}${run.date.replaceAll(':', '-')}-${run.plan}.json`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify({ run, findings, figures, rows }, null, 1)}\n`);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new BenchError(`--json: expected a file that can be written, got ${message}`);
  }
  return file;
}
