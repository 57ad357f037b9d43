/**
 * kill -9 of the collector at a step of a checkpoint of its database, when what was committed moves from the
 * WAL into the file. In WAL mode nothing but a checkpoint writes to the file itself, so strace finds its steps
 * among the system calls on that file, and kills at one of them: the same at each run.
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endProcess, startCollectorProcess } from '../support/collector-process.js';
import { makeFolder } from '../support/run-app.js';
import { makeBatch } from './make-batch.js';
import { sendOnce } from './send-once.js';

/** SQLite begins a checkpoint when the WAL has 1,000 pages, which takes some 22 of these. */
const BATCHES = 60;
const ROUTES = 50;
const VALUES = Array.from({ length: 300 }, (_, i) => i * i);
const RECORDS = ROUTES * VALUES.length;
/** All in one window, which does not pass midnight. */
const START_MS = Math.floor((Date.now() - 60_000) / 10_000) * 10_000;
const DAY = new Date(START_MS).toISOString().slice(0, 10);

const batches = Array.from({ length: BATCHES }, (_, i) =>
  makeBatch({
    startMs: START_MS,
    sequence: i + 1,
    routes: Object.fromEntries(Array.from({ length: ROUTES }, (_, k) => [`/${k}`, VALUES])),
    ledger: { recorded: BATCHES * RECORDS, delivered: 0, pending: BATCHES * RECORDS, dropped: {} },
  }),
);

/**
 * Calls on the file, counted from its making, which is one write and one fsync. A signal comes before the call;
 * one that is not SIGKILL is served after it, and ends the process as suddenly.
 */
const STEPS = [
  ['before its first page is written', 'pwrite64:signal=KILL:when=2'],
  ['after its first page', 'pwrite64:signal=KILL:when=3'],
  ['in the midst of its pages', 'pwrite64:signal=KILL:when=200'],
  ['when all pages are written and none is on the disk for sure', 'ftruncate:signal=KILL:when=1'],
  ['before the file is brought to the disk', 'fsync:signal=KILL:when=2'],
  ['when it is done, and the WAL not begun anew', 'fsync:signal=USR2:when=2'],
  ['in the midst of the second one', 'pwrite64:signal=KILL:when=700'],
] as const;

let folder: ReturnType<typeof makeFolder>;
let children: ChildProcess[];
beforeEach(() => {
  folder = makeFolder();
  children = [];
});
afterEach(async () => {
  for (const child of children) await endProcess(child, 'SIGKILL');
  folder.remove();
});

const canTrace = spawnSync('strace', ['-V']).status === 0;

describe.runIf(canTrace || process.env.CI)('kill -9 of the collector at a checkpoint', () => {
  it.each(STEPS)('%s loses nothing it acknowledged and stores nothing twice', async (_name, at) => {
    const data = join(folder.path, 'data');
    const trace = join(folder.path, 'trace');
    const { child, url } = await startCollectorProcess(data, [], 0, killing(data, trace, at));
    children.push(child);
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const acknowledged = new Set<number>();
    try {
      for (const batch of batches) {
        await sendOnce(url, batch);
        acknowledged.add(batch.identity.sequence);
      }
    } catch {
      // It is dead.
    }
    expect(await ended).toMatch(/^SIG(?:KILL|USR2)$/);
    expect(acknowledged.size).toBeGreaterThan(10);
    expect(acknowledged.size).toBeLessThan(BATCHES);
    expect(readFileSync(trace, 'utf8')).toMatch(/\+\+\+ killed by SIG(?:KILL|USR2)/);

    const next = await startCollectorProcess(data);
    children.push(next.child);
    expect(await ask(next.url)).toMatchObject(storedOf(acknowledged.size + 1));
    for (const batch of batches) {
      const { sequence } = batch.identity;
      const { duplicate } = await sendOnce(next.url, batch);
      // The one that was not answered was committed: its commit began the checkpoint.
      expect(duplicate).toBe(sequence <= acknowledged.size + 1);
    }
    expect(await ask(next.url)).toMatchObject(storedOf(BATCHES));
  });
});

function killing(data: string, trace: string, at: string): string[] {
  const file = join(data, `raw-${DAY}.db`);
  // -D: the collector is our child, and not strace.
  const options = ['-D', '-f', '-qq', '-o', trace, '-P', file];
  const calls = ['-e', 'trace=pwrite64,ftruncate,fsync', '-e', `inject=${at}`];
  return ['strace', ...options, ...calls];
}

function storedOf(batchCount: number): object {
  const received = batchCount * RECORDS;
  return { ledger: { received, batches: batchCount }, count: received };
}

async function ask(url: string): Promise<object> {
  const get = async (path: string): Promise<unknown> => (await fetch(`${url}/v1/${path}`)).json();
  const { processes } = (await get('ledger')) as { processes: object[] };
  const answer = await get('query?metric=http.server.request.duration&from=-1d');
  const { groups } = answer as { groups: { total: { count: number } }[] };
  expect(processes).toHaveLength(1);
  expect(groups).toHaveLength(1);
  return { ledger: processes[0], count: groups[0]?.total.count };
}
