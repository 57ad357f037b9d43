/**
 * When to kill: at any moment, or right when something is being written, where a kill does most harm.
 * Seeded; the second kind also hangs on what the processes do.
 */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from '../support/fault-proxy/fault-proxy.js';

/** Past it a moment comes even if nothing was written. */
const PATIENCE_MS = 1500;
/** A kill comes within so many after a write to the spool began, which lasts a few. */
const WRITE_MS = 12;
/** From the first byte of a request to its answer, on a machine that is busy. */
const REQUEST_MS = 40;

/** After `minMs` to `maxMs`; every other time with the next change of a file in `folder`. */
export async function momentOfWriting(
  folder: string,
  minMs: number,
  maxMs: number,
  random: () => number,
): Promise<void> {
  await sleep(minMs + random() * (maxMs - minMs));
  const delayMs = random() * WRITE_MS;
  if (random() < 0.5 || !existsSync(folder)) return;
  let watcher: FSWatcher | undefined;
  await soon((resolve) => {
    watcher = watch(folder, { recursive: true }, resolve);
    watcher.on('error', resolve);
  });
  watcher?.close();
  await sleep(delayMs);
}

/** After `minMs` to `maxMs`; every other time while the next request passes the proxy. */
export async function momentOfRequest(
  proxy: FaultProxy,
  minMs: number,
  maxMs: number,
  random: () => number,
): Promise<void> {
  await sleep(minMs + random() * (maxMs - minMs));
  const delayMs = random() * REQUEST_MS;
  if (random() < 0.5) return;
  await soon((resolve) => {
    proxy.onRequestBytes = resolve;
  });
  proxy.onRequestBytes = () => undefined;
  await sleep(delayMs);
}

function soon(start: (resolve: () => void) => void): Promise<unknown> {
  const patience = new AbortController();
  return Promise.race([
    new Promise<void>(start),
    sleep(PATIENCE_MS, undefined, { signal: patience.signal }),
  ]).finally(() => patience.abort());
}
