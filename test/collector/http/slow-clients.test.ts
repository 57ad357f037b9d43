/** Fault 22 and fault 4 at the collector's door: real sockets that are slow, many, or speak too much. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { ServerLimits } from '../../../src/collector/http/server-limits.js';
import {
  type Collector,
  type CollectorOptions,
  startCollector,
} from '../../../src/collector/start-collector.js';
import { quietLog } from '../../support/quiet-log.js';
import { makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const HEAD = [
  'POST /v1/batches HTTP/1.1',
  'host: localhost',
  'content-type: application/msgpack',
  'tachograph-agent: slow:1',
  'tachograph-boot: slow',
  'tachograph-sequence: 1',
];

const log = quietLog();
const SLOW_CLIENTS = 20;
const SLOW_BYTES = 1_000_000;
/** Longer than a busy machine takes to read what others, who are quick, have sent. */
const ONLY_SLOW = { headersTimeoutMs: 1500, requestTimeoutMs: 3000, checkMs: 50 };
/** No other limit ends a connection in the time of a test. */
const ONLY_IDLE = {
  headersTimeoutMs: 600_000,
  requestTimeoutMs: 600_000,
  checkMs: 50,
  // Longer than a commit on a busy machine, which must not end the connection it answers on.
  idleMs: 1500,
};

let folder: string;
let collector: Collector;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(
  serverLimits: Partial<ServerLimits>,
  more: Partial<CollectorOptions> = {},
): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const options = { folder, port: 0, queryThreads: 0, now: () => NOW, log, serverLimits };
  collector = await startCollector({ ...options, ...more });
}

interface Client {
  readonly socket: Socket;
  /** All that was answered, once the collector has closed the connection. */
  readonly closed: Promise<string>;
}

function dial(): Client {
  const socket = connect(Number(new URL(collector.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  let answered = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answered += text;
  });
  return { socket, closed: new Promise((resolve) => socket.on('close', () => resolve(answered))) };
}

/** One byte after the other for as long as the connection stands. */
function drip({ socket }: Client, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length]!), 20);
  socket.on('close', () => clearInterval(timer));
}

const works = async (boot: string): Promise<number> =>
  (await send(collector.url, makeBatch({ startMs: NOW - 10_000, boot, routes: { '/': [1] } })))
    .status;

it('a head that comes byte by byte is cut off, and others are served meanwhile', async () => {
  await start(ONLY_SLOW);
  const slow = Array.from({ length: 20 }, dial);
  for (const client of slow) drip(client, `${HEAD.join('\r\n')}\r\nx-endless: ${'a'.repeat(5000)}`);
  expect(await works('meanwhile')).toBe(200);
  for (const answered of await Promise.all(slow.map(({ closed }) => closed))) {
    expect(answered).toMatch(/^(HTTP\/1\.1 408 |$)/);
  }
  expect(await works('afterwards')).toBe(200);
});

it('a body that comes byte by byte is cut off, and its room is free again', async () => {
  // Room for one round of them and a small batch: what one does not give back, the next round lacks.
  const inFlightBytesMax = SLOW_CLIENTS * SLOW_BYTES + 100_000;
  await start(ONLY_SLOW, { inFlightBytesMax });
  for (const round of ['first', 'second']) {
    const slow = Array.from({ length: SLOW_CLIENTS }, dial);
    for (const client of slow) {
      client.socket.write(`${HEAD.join('\r\n')}\r\ncontent-length: ${SLOW_BYTES}\r\n\r\n`);
      drip(client, 'a');
    }
    expect(await works(`meanwhile, ${round}`)).toBe(200);
    for (const answered of await Promise.all(slow.map(({ closed }) => closed))) {
      expect(answered).toMatch(/^(HTTP\/1\.1 408 |$)/);
    }
    expect(await works(`afterwards, ${round}`)).toBe(200);
  }
});

it('a connection on which nothing is said is closed', async () => {
  await start(ONLY_IDLE);
  const silent = Array.from({ length: 20 }, dial);
  for (const answered of await Promise.all(silent.map(({ closed }) => closed))) {
    expect(answered).toBe('');
  }
  expect(await works('afterwards')).toBe(200);
});

it('a connection whose answers nobody fetches is closed', async () => {
  await start({ ...ONLY_IDLE, connectionsMax: 1 }, { log: () => undefined });
  const deaf = dial();
  deaf.socket.pause();
  // Answers of 20 MB, more than the system's buffers hold.
  deaf.socket.write('GET /v1/health HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(80_000));
  // Its place is the only one: another gets in when it is gone.
  await vi.waitUntil(
    async () => {
      const next = dial();
      next.socket.write('GET /v1/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      return (await next.closed).startsWith('HTTP/1.1 200 ');
    },
    { timeout: 50_000, interval: 100 },
  );
});

it('connections past those of an address are closed at once, and a free place is given again', async () => {
  const lines: string[] = [];
  const more = { log: (line: string) => void lines.push(line) };
  await start({ connectionsPerAddressMax: 3, isExempt: () => false }, more);
  const kept = Array.from({ length: 3 }, dial);
  await Promise.all(kept.map(({ socket }) => new Promise((done) => socket.on('connect', done))));
  expect(await dial().closed).toBe('');
  kept[0]!.socket.end();
  await kept[0]!.closed;
  const next = dial();
  next.socket.write('GET /v1/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  expect(await next.closed).toMatch(/^HTTP\/1\.1 200 /);
  expect(kept.slice(1).map(({ socket }) => socket.destroyed)).toEqual([false, false]);
  expect(lines).toEqual([expect.stringContaining('3 connections of 127.0.0.1')]);
});

it('connections past all there may be are closed at once', async () => {
  const lines: string[] = [];
  await start({ connectionsMax: 2 }, { log: (line: string) => void lines.push(line) });
  const kept = Array.from({ length: 2 }, dial);
  await Promise.all(kept.map(({ socket }) => new Promise((done) => socket.on('connect', done))));
  expect(await dial().closed).toBe('');
  expect(lines).toEqual([expect.stringContaining('2 connections of all clients')]);
});

it.each([
  ['one header of 100 KB', [`x: ${'a'.repeat(100_000)}`], 431],
  ['ten thousand headers', Array.from({ length: 10_000 }, (_, i) => `x-${i}: 1`), 431],
  ['a header without a name', [': 1'], 400],
  ['two lengths', ['content-length: 1', 'content-length: 2'], 400],
  ['a length and chunks', ['content-length: 1', 'transfer-encoding: chunked'], 400],
  ['a length that is none', ['content-length: -1'], 400],
])('a request with %s is refused', async (_name, headers, status) => {
  await start({});
  const client = dial();
  client.socket.end(`${[...HEAD, ...headers].join('\r\n')}\r\n\r\n`);
  expect(await client.closed).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(await works('afterwards')).toBe(200);
});

it.each([
  ['no Host', 'GET /v1/services HTTP/1.1\r\nconnection: close\r\n\r\n'],
  ['no Host, of HTTP/1.0', 'GET /v1/services HTTP/1.0\r\n\r\n'],
  [
    'two of them',
    'GET /v1/services HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n',
  ],
  [
    'another one after an address of ours',
    'GET http://localhost/v1/services HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n',
  ],
  [
    'one that ends like ours',
    'GET /v1/services HTTP/1.1\r\nhost: evil.example#localhost\r\nconnection: close\r\n\r\n',
  ],
  [
    'ours as a user',
    'GET /v1/services HTTP/1.1\r\nhost: localhost@evil.example\r\nconnection: close\r\n\r\n',
  ],
])('a request with %s gets nothing to read', async (_name, text) => {
  await start({});
  const client = dial();
  client.socket.write(text);
  const answered = await client.closed;
  expect(answered).not.toContain('"services"');
});
