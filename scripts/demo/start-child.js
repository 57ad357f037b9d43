/**
 * A Node.js program beside the demo: started, waited for until it says where it listens, and stopped.
 * It leads a session of its own, so that Ctrl-C reaches the demo alone, which ends things in order.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const READY_MS_MAX = 30_000;
/** What it takes to answer requests under way and send the last batch, many times over. */
const STOP_MS_MAX = 20_000;
const OUTPUT_LENGTH_MAX = 4000;

/**
 * @typedef {object} Child
 * @property {string} name
 * @property {number} pid
 * @property {string} url What it said it listens at.
 * @property {Promise<unknown>} ended
 * @property {() => boolean} isRunning
 * @property {() => Promise<number | string>} stop Its exit code, or the signal that ended it.
 * @property {() => void} kill At once, for the end of this process.
 */

/**
 * @param {object} options
 * @param {string} options.name For messages.
 * @param {string[]} options.args
 * @param {Record<string, string>} options.env In addition to ours.
 * @param {RegExp} options.ready The first group is the URL.
 * @returns {Promise<Child>}
 */
export async function startChild({ name, args, env, ready }) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  ended.catch(() => {});
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const kill = () => {
    if (isRunning()) child.kill('SIGKILL');
  };
  const url = await urlOf(child, name, ready).catch((error) => {
    kill();
    throw error;
  });
  const stop = async () => {
    const timer = setTimeout(kill, STOP_MS_MAX);
    if (isRunning()) child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
    return child.exitCode ?? child.signalCode ?? 1;
  };
  return { name, pid: child.pid ?? 0, url, ended, isRunning, stop, kill };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name
 * @param {RegExp} ready
 * @returns {Promise<string>}
 */
function urlOf(child, name, ready) {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(
      () => reject(new Error(`${name} was not ready within ${READY_MS_MAX} ms:\n${output}`)),
      READY_MS_MAX,
    );
    const read = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk).slice(-OUTPUT_LENGTH_MAX);
      const url = ready.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`${name} ended with ${signal ?? code} before it was ready:\n${output}`));
    });
  });
}
