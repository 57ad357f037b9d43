/** What a figure must be read with: processor, memory, kernel, runtime, and how busy the machine was. */
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';

/**
 * @typedef {object} Machine
 * @property {string} processor
 * @property {number} cores
 * @property {number} memoryBytes
 * @property {string} system
 * @property {string} node
 * @property {string} tachograph
 * @property {number} loadAtStart Load average over one minute: with nothing else running it is near 0.
 */

/**
 * @param {string} node Version of the Node.js that runs what is measured.
 * @returns {Machine}
 */
export function describeMachine(node) {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
    node,
    tachograph: JSON.parse(manifest).version,
    loadAtStart: loadavg()[0] ?? 0,
  };
}

/**
 * Others at work on the machine make every interval wider and may move the median.
 *
 * @param {Machine} machine
 */
export function isBusy({ loadAtStart, cores }) {
  return loadAtStart > cores / 4;
}
