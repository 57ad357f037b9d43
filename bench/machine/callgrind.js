/**
 * Instructions instead of time: valgrind's callgrind runs a program on a processor of its own making and counts. Fifty
 * times slower, and the same to within a thousandth however busy the machine is. What it does not see: the kernel, and
 * that some instructions wait for memory.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BenchError } from '../bench-error.js';

/** @throws {BenchError} where there is no valgrind. */
export function assertCallgrind() {
  if (spawnSync('valgrind', ['--version']).status === 0) return;
  throw new BenchError(
    'instructions: expected valgrind, found none. Install it (Debian: apt-get install valgrind), or leave this harness out.',
  );
}

/**
 * The same arm under callgrind. Node's own random numbers are those of `seed`, so that hashes collide alike.
 *
 * @param {import('../arms.js').Arm} arm
 * @param {string} file Where the counts go, with a number behind it for each thread.
 * @param {number} seed
 * @returns {import('../arms.js').Arm}
 */
export function underCallgrind(arm, file, seed) {
  return {
    ...arm,
    binary: 'valgrind',
    execArgv: [
      '--tool=callgrind',
      '--separate-threads=yes',
      // Code that V8 writes at run time is read anew when it changes.
      '--smc-check=all-non-file',
      `--callgrind-out-file=${file}`,
      arm.binary ?? process.execPath,
      `--random-seed=${seed}`,
      ...arm.execArgv,
    ],
  };
}

/**
 * @param {string} file As it was given to `underCallgrind`, after the process has ended.
 * @returns {number} Instructions of the main thread.
 * @throws {BenchError} when the file does not say.
 */
export function mainThreadInstructions(file) {
  const text = readFileSync(`${file}-01`, 'utf8');
  const total = /^totals: (\d+)$/m.exec(text)?.[1];
  if (total === undefined)
    throw new BenchError(`callgrind: expected a line "totals: N" in ${file}-01`);
  return Number(total);
}
