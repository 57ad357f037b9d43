/**
 * A command that one of ours runs as its child, with our input and output: its signals are forwarded and
 * its exit code becomes ours. Owns the child, and while it lives the listeners for signals.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

const EXIT_NOT_EXECUTABLE = 126;
const EXIT_NOT_FOUND = 127;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Forwarding {
  to(child: ChildProcess): void;
  end(): void;
  /** The first signal that came before there was a child. */
  readonly early: NodeJS.Signals | undefined;
}

/**
 * Ctrl-C on a terminal reaches the command by itself, because it is in our process group: sent on, it
 * would arrive twice, which many programs take for "at once".
 */
export function forwardSignals(): Forwarding {
  const isOnTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  let child: ChildProcess | undefined;
  let early: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (child === undefined) early ??= signal;
    else if (signal !== 'SIGINT' || !isOnTerminal) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, onSignal);
  return {
    to: (started) => {
      child = started;
    },
    end: () => {
      for (const signal of FORWARDED) process.off(signal, onSignal);
    },
    get early() {
      return early;
    },
  };
}

export interface Execution {
  /** As a shell has it: 128 + n after signal n. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  /** False when there was nothing to record. */
  readonly isStarted: boolean;
}

/** Runs the command to its end. What cannot be started is told on stderr. */
export async function execute(
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  forward: Forwarding,
): Promise<Execution> {
  if (forward.early !== undefined) {
    const code = 128 + constants.signals[forward.early];
    return { code, signal: forward.early, isStarted: false };
  }
  const child = spawn(file, args, { env, stdio: 'inherit' });
  forward.to(child);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    const exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
    return { code: exitCode, signal, isStarted: true };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      process.stderr.write(`tachograph: expected a command to run, found no "${file}".\n`);
      return { code: EXIT_NOT_FOUND, signal: null, isStarted: false };
    }
    process.stderr.write(`tachograph: cannot run "${file}": ${message}.\n`);
    return { code: EXIT_NOT_EXECUTABLE, signal: null, isStarted: false };
  }
}
