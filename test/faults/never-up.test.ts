/** Faults 1 and 3 of the guarantees: a collector that is never up, and one to which no connection comes. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endProcess, startCollectorProcess } from '../support/collector-process.js';
import { FaultProxy } from '../support/fault-proxy/fault-proxy.js';
import { freeUrl } from '../support/free-url.js';
import { Producer } from '../support/oracle/producer.js';
import { makeFolder } from '../support/run-app.js';
import { isBacklogSent } from './backlog.js';
import { complaintsOfEnd, warningsOf } from './behaviour.js';
import type { Hour } from './children/never-up.js';

const MIB = 1024 * 1024;
const HOURS = 5;
const NEVER_UP = new URL('./children/never-up.ts', import.meta.url).pathname;
const FULL_BACKLOG = new URL('./children/full-backlog.mjs', import.meta.url).pathname;

function start(command: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function linesOf(child: ChildProcessByStdio<null, Readable, null>): Promise<string[]> {
  const ended = once(child, 'close');
  const text = Buffer.concat(await child.stdout.toArray()).toString();
  expect((await ended)[0]).toBe(0);
  return text.trim().split('\n');
}

describe.concurrent('a collector that is never up', () => {
  it('costs neither memory nor disk, however many hours pass, and every record is accounted for', {
    timeout: 120_000,
  }, async ({ onTestFinished }) => {
    const folder = makeFolder();
    onTestFinished(folder.remove);
    const script = [NEVER_UP, `${folder.path}/spool`, await freeUrl(), String(HOURS)];
    const child = start(['--expose-gc', '--import', 'tsx', ...script]);
    onTestFinished(async () => void (await endProcess(child, 'SIGKILL')));
    const lines = await linesOf(child);
    const hours = lines.map((line) => JSON.parse(line) as Hour);
    expect(hours).toHaveLength(HOURS);
    for (const { offered, accounted, spoolBytes } of hours) {
      expect(accounted).toBe(offered);
      expect(spoolBytes).toBeLessThanOrEqual(MIB / 2);
    }
    expect(hours.at(-1)!.attempts).toBeGreaterThan(HOURS * 360);
    // The least of several hours each: a leak is in all of them.
    const grown = (bytesOf: (hour: Hour) => number): number =>
      Math.min(...hours.slice(3).map(bytesOf)) - Math.min(...hours.slice(0, 2).map(bytesOf));
    expect(grown(({ heapBytes }) => heapBytes)).toBeLessThan(MIB);
    expect(grown(({ rssBytes }) => rssBytes)).toBeLessThan(8 * MIB);
  });
});

describe.concurrent('a connection that is neither made nor refused', () => {
  it.runIf(process.platform === 'linux')(
    'costs no record once connections can be made again',
    { timeout: 90_000 },
    async ({ onTestFinished }) => {
      const folder = makeFolder();
      onTestFinished(folder.remove);
      const hole = start([FULL_BACKLOG]);
      // Blocked for ever: nothing but this ends it.
      onTestFinished(async () => void (await endProcess(hole, 'SIGKILL')));
      const port = Number(String((await once(hole.stdout, 'data'))[0]));
      const queued = await fillBacklog(port);
      const collector = await startCollectorProcess(`${folder.path}/data`);
      onTestFinished(async () => void (await endProcess(collector.child, 'SIGKILL')));
      const url = `http://127.0.0.1:${port}`;
      const producer = new Producer({ service: 'no-connection', url, folder: folder.path });
      onTestFinished(async () => void (await producer.kill()));
      // Past the first attempt, which is given up after five seconds.
      await producer.beats(280);
      for (const socket of queued) socket.destroy();
      await endProcess(hole, 'SIGKILL');
      const target = Number(new URL(collector.url).port);
      const proxy = await FaultProxy.start({ target, port });
      onTestFinished(() => proxy.close());
      expect(await producer.isFreshSoon(collector.url)).toBe(true);
      expect(await isBacklogSent(folder.path)).toBe(true);
      const end = await producer.finish();
      expect(complaintsOfEnd(end)).toEqual([]);
      expect(warningsOf(end).filter((code) => code !== 'TACHO_COLLECTOR_UNREACHABLE')).toEqual([]);
      expect(await producer.complaints(collector.url)).toEqual([]);
    },
  );
});

/** Connects until a connection is not made any more; the ones that wait must stay. */
async function fillBacklog(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    const isMade = await Promise.race([
      once(socket, 'connect').then(() => true),
      sleep(500).then(() => false),
    ]);
    if (!isMade) return sockets;
  }
}
