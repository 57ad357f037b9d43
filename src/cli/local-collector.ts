/**
 * The collector beside `tachograph run`: the one that answers on this machine, or a child. The child
 * leads a session of its own, so that Ctrl-C does not end it before the command's last batch; it ends
 * when its channel to us closes, so that it outlives no crash of ours.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bareHost, isLoopback } from '../shared/host-name.js';
import { parseDestinations } from '../transport/destination.js';

const READY_MS_MAX = 15_000;
const POLL_MS = 50;
/** A child that lost its port or folder to another collector: time for that one to answer. */
const WINNER_MS_MAX = 1000;
const ANSWER_MS_MAX = 2000;
const PORT_DEFAULT = 4600;

export interface LocalCollector {
  /** `http://127.0.0.1:4600`. */
  readonly origin: string;
  /** What `tachograph collector` must be told to listen there again; empty for its default. */
  readonly portOption: string;
  readonly isRunningAfterwards: boolean;
  /** Ends the child, unless it is kept or was not ours. */
  release(): Promise<void>;
}

/**
 * The collector at the first destination of `urls` that the bundled one could serve: plain HTTP on
 * the loopback address. Undefined when there is no such destination.
 * @throws {Error} when something else listens there, or the child does not start.
 */
export async function ensureCollector(
  urls: string,
  isKept: boolean,
): Promise<LocalCollector | undefined> {
  const url = localDestination(urls);
  if (url === undefined) return undefined;
  const { origin } = url;
  const port = Number(url.port || 80);
  const portOption = port === PORT_DEFAULT ? '' : ` --port ${port}`;
  if (await isAnswering(origin)) {
    return notOurs(origin, portOption);
  }
  const child = start(url.hostname.replace(/^\[|\]$/g, ''), port, isKept);
  let isOurs: boolean;
  try {
    isOurs = await untilReady(origin, child);
  } catch (error) {
    child.kill();
    throw error;
  }
  if (!isOurs) return notOurs(origin, portOption);
  if (isKept) child.unref();
  return {
    origin,
    portOption,
    isRunningAfterwards: isKept,
    release: isKept ? async () => {} : () => stop(child),
  };
}

function notOurs(origin: string, portOption: string): LocalCollector {
  return { origin, portOption, isRunningAfterwards: true, release: async () => {} };
}

function localDestination(urls: string): URL | undefined {
  for (const destination of parseDestinations(urls.split(',')).destinations) {
    if (destination.kind !== 'native') continue;
    const { url } = destination;
    const isLocal = isLoopback(bareHost(url.hostname));
    // The bundled collector has no base path.
    if (url.protocol === 'http:' && isLocal && url.pathname === '/v1/batches') return url;
  }
  return undefined;
}

/** @throws {Error} when what answers is no collector. */
async function isAnswering(origin: string): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(`${origin}/v1/health`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  } catch (error) {
    if ((error as Error).name !== 'TimeoutError') return false;
    throw notCollector(origin, 'no answer');
  }
  const body = await response.text();
  if (response.ok && body.includes('"ok"')) return true;
  throw notCollector(origin, `the answer ${response.status}`);
}

function notCollector(origin: string, came: string): Error {
  return new Error(
    `expected a collector or nothing at ${origin}, got ${came} from another program. ` +
      'Choose another port: tachograph run --url http://127.0.0.1:4601 -- …',
  );
}

function start(host: string, port: number, isKept: boolean): ChildProcess {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const args = [main, 'collector', '--quiet', '--host', host, '--port', String(port)];
  return spawn(process.execPath, args, {
    detached: true,
    stdio: isKept ? 'ignore' : ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** False when the child ended because another collector, of a run begun at once, was faster. */
async function untilReady(origin: string, child: ChildProcess): Promise<boolean> {
  const deadlineMs = performance.now() + READY_MS_MAX;
  while (performance.now() < deadlineMs) {
    if (child.exitCode !== null || child.signalCode !== null) {
      if (await isAnsweringWithin(origin, WINNER_MS_MAX)) return false;
      const how = child.signalCode ?? `code ${child.exitCode}`;
      throw new Error(`expected a collector at ${origin}, but it ended with ${how}.`);
    }
    if (await isAnswering(origin)) return true;
    await delay(POLL_MS);
  }
  throw new Error(`expected a collector at ${origin} within ${READY_MS_MAX} ms, got no answer.`);
}

async function isAnsweringWithin(origin: string, timeMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeMs;
  while (performance.now() < deadlineMs) {
    if (await isAnswering(origin)) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
