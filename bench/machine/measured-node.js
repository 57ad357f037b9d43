/** The Node.js that runs the measured processes: this one, another version from npm, or any binary. */
import { spawnSync } from 'node:child_process';
import { installNode } from '../../scripts/install-node.js';
import { BenchError } from '../bench-error.js';

/**
 * @typedef {object} MeasuredNode
 * @property {string} binary
 * @property {string} version Without a v.
 * @property {number} major
 */

/**
 * @param {string | undefined} wanted A major version, or the path of a binary; undefined means the one that runs this.
 * @param {(line: string) => void} progress
 * @returns {MeasuredNode}
 * @throws {BenchError} when it cannot be had.
 */
export function measuredNode(wanted, progress) {
  if (wanted === undefined) return nodeOf(process.execPath, process.version);
  if (!/^\d+$/.test(wanted)) return nodeOf(wanted, versionSaidBy(wanted));
  try {
    progress(`looking for Node.js ${wanted}`);
    const { binary, version } = installNode(wanted);
    return nodeOf(binary, version);
  } catch (error) {
    throw new BenchError(`--node ${wanted}: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {string} binary */
function versionSaidBy(binary) {
  const { stdout = '', error } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  const said = stdout?.trim() ?? '';
  if (/^v\d+\.\d+\.\d+/.test(said)) return said;
  throw new BenchError(
    `--node: expected a major version or a Node.js binary, got "${binary}", which says ${error?.message ?? `"${said}"`}.`,
    2,
  );
}

/**
 * @param {string} binary
 * @param {string} version With a v.
 * @returns {MeasuredNode}
 */
function nodeOf(binary, version) {
  return { binary, version: version.slice(1), major: Number.parseInt(version.slice(1), 10) };
}
