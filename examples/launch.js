/** Starts an example with the recorder preloaded as a process of its own, which says where it listens. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url));
const REGISTER = fileURLToPath(new URL('../dist/register.js', import.meta.url));
/** An example that has not said where it listens by then has failed. */
const START_TIMEOUT_MS = 30_000;

/**
 * @param {string} node The runtime.
 * @param {string} script Prints `listening on PORT`; SIGTERM ends it.
 * @param {Readonly<Record<string, string>>} env Further variables of its environment.
 * @param {readonly string[]} [args] What else it is told.
 * @returns {Promise<{ port: number, stdout: () => string, stderr: () => string, end: () => Promise<number | null> }>}
 */
export function launch(node, script, env, args = []) {
  const child = spawn(node, ['--import', REGISTER, script, ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return new Promise((resolve, reject) => {
    const fail = (reason) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${script}: ${reason}\n${stdout}${stderr}`));
    };
    const timer = setTimeout(() => fail('did not start to listen'), START_TIMEOUT_MS);
    void ended.then((code) => fail(`ended with code ${code} before it listened`));
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const port = /listening on (\d+)\n/.exec(stdout)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve({
        port: Number(port),
        stdout: () => stdout,
        stderr: () => stderr,
        end: () => {
          child.kill('SIGTERM');
          return ended;
        },
      });
    });
  });
}
