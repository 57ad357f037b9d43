/**
 * One run of one arm: a fresh process, its own sink and its own spool folder. Owns all three; `finish` lets the
 * process end by itself, checks what the sink received and removes the rest.
 *
 * The process ends when its stdin closes, so it never outlives the bench. Bounds: END_MS_MAX to end (or the arm's own), output of
 * OUTPUT_LENGTH_MAX characters.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.js';
import { startSink } from '../sinks/sink.js';
import { checkReceived } from './check-received.js';
import { childEnv } from './child-env.js';

const END_MS_MAX = 15_000;
const OUTPUT_LENGTH_MAX = 64 * 1024;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {Set<string>} */
const folders = new Set();
// A failed or interrupted bench leaves neither processes nor folders behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * @typedef {object} ArmProcess
 * @property {number} pid
 * @property {number} spawnedMs Unix time just before the process was made, in ms with fractions.
 * @property {() => Promise<any>} nextMessage The next line of JSON the process prints.
 * @property {(line: string) => void} tell Writes a line to its stdin.
 * @property {(sent?: number) => Promise<import('../sinks/sink.js').Received>} finish Ends it. With `sent`, an arm that
 *   exports must have delivered that many requests.
 */

/**
 * @param {import('../arms.js').Arm} arm
 * @param {string} script File name in bench/children.
 * @param {object} [task] Handed to the script as JSON.
 * @returns {Promise<ArmProcess>}
 */
export async function startArmProcess(arm, script, task = {}) {
  const sink = await startSink(arm.protocol);
  const spoolDir = await mkdtemp(join(tmpdir(), 'tachograph-bench-'));
  folders.add(spoolDir);
  const file = fileURLToPath(new URL(`../children/${script}`, import.meta.url));
  const spawnedMs = performance.timeOrigin + performance.now();
  const child = spawn(
    arm.binary ?? process.execPath,
    [...arm.execArgv, file, JSON.stringify(task)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: childEnv(process.env, arm.env({ sinkUrl: sink.url, spoolDir })),
    },
  );
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    if (complaints.length < OUTPUT_LENGTH_MAX) complaints += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    pid: child.pid ?? 0,
    spawnedMs,
    async nextMessage() {
      const { value, done } = await lines.next();
      if (!done) return JSON.parse(value);
      await exited;
      throw new BenchError(`arm ${arm.name}: ${script} ended too early. It said: ${complaints}`);
    },
    tell: (line) => child.stdin.write(`${line}\n`),
    async finish(sent) {
      const endMsMax = arm.endMsMax ?? END_MS_MAX;
      const deadline = setTimeout(() => child.kill('SIGKILL'), endMsMax);
      child.stdin.end();
      const [code, signal] = await exited;
      clearTimeout(deadline);
      await sink.close();
      await rm(spoolDir, { recursive: true, force: true });
      folders.delete(spoolDir);
      if (code !== 0) {
        throw new BenchError(
          `arm ${arm.name}: expected ${script} to end with code 0 within ${endMsMax / 1000} s, got ${code ?? signal}. It said: ${complaints}`,
        );
      }
      // A probe that turned itself off, or a restarted worker, would make the arm look cheap.
      if (complaints.includes('TACHO_')) {
        throw new BenchError(`arm ${arm.name}: expected no warning, got: ${complaints}`);
      }
      checkReceived(arm, sent, sink.received);
      return sink.received;
    },
  };
}
