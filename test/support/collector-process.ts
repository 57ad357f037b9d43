/** The built collector as a process of its own, to be killed. Needs `npm run build`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const MAIN: string = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CollectorProcess {
  readonly child: ChildProcess;
  readonly url: string;
}

/**
 * Resolves when it listens.
 * @param more arguments besides those of the folder and the port
 * @param launcher what starts Node.js, and becomes it, with its arguments
 */
export async function startCollectorProcess(
  folder: string,
  more: readonly string[] = [],
  port = 0,
  launcher: readonly string[] = [],
): Promise<CollectorProcess> {
  const args = [MAIN, 'collector', '--port', String(port), '--data', folder, ...more];
  const [command = process.execPath, ...before] = [...launcher, process.execPath];
  const child = spawn(command, [...before, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const url = /http:\/\/\S+/.exec(text)?.[0];
    if (url !== undefined) return { child, url };
  }
  throw new Error(`expected the collector to say its URL, got ${JSON.stringify(text)}`);
}

/** Ends a process, unless it has ended, and gives its exit code. */
export async function endProcess(
  child: ChildProcess,
  signal: NodeJS.Signals,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}
