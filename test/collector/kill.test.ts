import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type CollectorProcess,
  endProcess,
  MAIN,
  startCollectorProcess,
} from '../support/collector-process.js';
import { makeBatch, send } from './make-batch.js';
import { sendOnce } from './send-once.js';

let folder = '';
const children = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});

afterEach(async () => {
  for (const child of children) await end(child, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function start(...more: string[]): Promise<CollectorProcess> {
  const started = await startCollectorProcess(folder, more);
  children.add(started.child);
  return started;
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  children.delete(child);
  return endProcess(child, signal);
}

const BATCHES = 60;
/** Answers after which the collector is killed while others are on their way; then once not at all. */
const KILLS_AFTER = [1, 6, 13, 24, 35, 47];
const batches = Array.from({ length: BATCHES }, (_, i) =>
  makeBatch({
    startMs: Math.floor(Date.now() / 10_000) * 10_000 - (i + 1) * 10_000,
    sequence: i + 1,
    routes: { '/a': [i + 1, 1000], '/b': [5, 6, 7] },
    ledger: { recorded: BATCHES * 5, delivered: 0, pending: BATCHES * 5, dropped: {} },
  }),
);

describe('kill -9 of the collector', () => {
  it('loses nothing it acknowledged and stores nothing twice, at any moment', async () => {
    const acknowledged = new Set<number>();
    /** Acknowledged before, and stored anew when sent again. */
    const twice: number[] = [];
    for (const killAfter of [...KILLS_AFTER, undefined]) {
      const { child, url } = await start();
      let answers = 0;
      const queue = [...batches];
      // Everything is sent again each time, eight at once, as after answers that got lost.
      const worker = async (): Promise<void> => {
        for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
          const { sequence } = batch.identity;
          const { duplicate } = await sendOnce(url, batch);
          if (acknowledged.has(sequence) && !duplicate) twice.push(sequence);
          acknowledged.add(sequence);
          answers += 1;
          if (answers === killAfter) child.kill('SIGKILL');
        }
      };
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, worker));
      const isCutOff = outcomes.some(({ status }) => status === 'rejected');
      expect(isCutOff).toBe(killAfter !== undefined);
      await end(child, 'SIGKILL');
    }
    expect(acknowledged.size).toBe(BATCHES);
    expect(twice).toEqual([]);

    const { url } = await start();
    for (const batch of batches) {
      expect(await (await send(url, batch)).json()).toEqual({ duplicate: true });
    }
    const { processes } = (await (await fetch(`${url}/v1/ledger`)).json()) as {
      processes: unknown[];
    };
    expect(processes).toMatchObject([
      { received: BATCHES * 5, batches: BATCHES, pending: 0, unaccounted: 0, balanced: true },
    ]);
    const query = await fetch(`${url}/v1/query?metric=http.server.request.duration&from=-1h`);
    expect(await query.json()).toMatchObject({ groups: [{ total: { count: BATCHES * 5 } }] });
  });

  it('ends at SIGTERM and SIGINT with exit code 0', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, url } = await start();
      expect((await send(url, batches[0] as (typeof batches)[0])).status).toBe(200);
      expect(await end(child, signal)).toBe(0);
    }
  });

  it('refuses to listen beyond this machine without a token, with exit code 1', async () => {
    const args = [MAIN, 'collector', '--host', '0.0.0.0', '--port', '0', '--data', folder];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    children.add(child);
    const [code] = (await once(child, 'exit')) as [number];
    children.delete(child);
    expect(code).toBe(1);
  });

  it('leaves the folder to the next one, which is refused while it lives, with exit code 1', async () => {
    const { child, url } = await start();
    const args = [MAIN, 'collector', '--port', '0', '--data', folder];
    const second = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.add(second);
    const exited = once(second, 'exit');
    const said = Buffer.concat(await second.stderr.toArray()).toString();
    expect((await exited)[0]).toBe(1);
    expect(said).toContain(`another collector uses this folder: ${folder}`);
    expect((await fetch(`${url}/v1/services`)).status).toBe(200);
    await end(child, 'SIGKILL');
    expect((await start()).url).toMatch(/^http:/);
  });

  it('answers heavy queries from its pool as light ones inline', async () => {
    const { url } = await start();
    for (const batch of batches) await (await send(url, batch)).arrayBuffer();
    // 60 times × 2 series and a range of a day of windows: past what runs inline.
    const wide = `${url}/v1/query?metric=http.server.request.duration&from=-1d&step=1m&group=http.route`;
    const body = (await (await fetch(wide)).json()) as { groups: { total: { count: number } }[] };
    expect(body.groups.map(({ total }) => total.count).sort((a, b) => a - b)).toEqual([120, 180]);
  });
});
