/** Each fault as a plain client and a plain server see it. */
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, httpAnswer } from './fault.js';
import { FaultProxy } from './fault-proxy.js';

let server: Server;
let proxy: FaultProxy;
/** Bodies of requests that reached the server whole. */
let bodies: string[] = [];
/** Bytes that reached the server at all. */
let sockets: Socket[] = [];

beforeEach(async () => {
  bodies = [];
  sockets = [];
  server = createServer(async (incoming, response) => {
    try {
      bodies.push(Buffer.concat(await incoming.toArray()).toString());
      response.end('the answer');
    } catch {
      // It was cut off.
    }
  });
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await FaultProxy.start({ target: (server.address() as AddressInfo).port, seed: 7 });
});

afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The answer's text, or the code of the error that came instead. */
function post(body: string, giveUpMs = 10_000): Promise<string> {
  return new Promise((resolve) => {
    const outgoing = request(proxy.url, { method: 'POST', agent: false });
    const timer = setTimeout(() => outgoing.destroy(new Error('gave up')), giveUpMs);
    const end = (outcome: string): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    outgoing.on('response', (response: IncomingMessage) => {
      response
        .toArray()
        .then((chunks) => end(`${response.statusCode} ${Buffer.concat(chunks)}`))
        .catch((error: Error & { code?: string }) => end(error.code ?? error.message));
    });
    outgoing.on('error', (error: Error & { code?: string }) => end(error.code ?? error.message));
    outgoing.end(body);
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

describe('a fault proxy', () => {
  it('passes everything when nothing is wrong', async () => {
    const body = 'x'.repeat(3_000_000);
    expect(await post(body)).toBe('200 the answer');
    expect(bodies).toEqual([body]);
    expect(proxy).toMatchObject({ connections: 1, faults: 0 });
  });

  it('passes on that the server is gone', async () => {
    proxy.target = 1;
    expect(await post('hello')).toBe('ECONNRESET');
  });

  it.each<Fault>([
    { kind: 'latency', delayMs: 30 },
    { kind: 'bandwidth', bytesPerSecond: 2000 },
    { kind: 'bandwidth', bytesPerSecond: 1000, direction: 'up' },
  ])('slows down and loses nothing: %o', async (fault) => {
    proxy.set(fault);
    expect(await post('hello')).toBe('200 the answer');
    expect(bodies).toEqual(['hello']);
    expect(proxy.faults).toBeGreaterThan(0);
  });

  it('passes a byte at a time where a byte a second is allowed, until it heals', async () => {
    proxy.set({ kind: 'bandwidth', bytesPerSecond: 1 });
    const answer = post('hello');
    await until(() => sockets[0]?.bytesRead === 1);
    expect(bodies).toEqual([]);
    proxy.heal();
    expect(await answer).toBe('200 the answer');
  });

  it('resets in the middle of a request, of which the server has a part', async () => {
    proxy.set({ kind: 'reset', direction: 'up', afterBytes: 40 });
    expect(await post('hello')).toBe('ECONNRESET');
    await until(() => sockets[0]?.destroyed === true);
    expect(sockets[0]!.bytesRead).toBeLessThanOrEqual(40);
    expect(bodies).toEqual([]);
  });

  it('resets in the middle of an answer', async () => {
    proxy.set({ kind: 'reset', direction: 'down', afterBytes: 30 });
    expect(await post('hello')).toBe('ECONNRESET');
    expect(bodies).toEqual(['hello']);
  });

  it('resets after the server has answered, and passes nothing of the answer', async () => {
    proxy.set({ kind: 'reset', direction: 'down', afterBytes: 0 });
    expect(await post('hello')).toBe('ECONNRESET');
    expect(bodies).toEqual(['hello']);
    expect(proxy.faults).toBe(1);
  });

  it('truncates a request, which then is no whole one', async () => {
    proxy.set({ kind: 'truncate', direction: 'up', afterBytes: 60 });
    expect(await post('hello', 500)).not.toBe('200 the answer');
    expect(bodies).toEqual([]);
  });

  it('truncates an answer, which then is no whole one', async () => {
    proxy.set({ kind: 'truncate', direction: 'down', afterBytes: 100 });
    expect(await post('hello')).toMatch(/ECONNRESET|aborted|HPE/);
    expect(bodies).toEqual(['hello']);
  });

  it('is a black hole: accepts, and neither server nor client hears of it', async () => {
    proxy.set({ kind: 'black-hole' });
    expect(await post('hello', 300)).toBe('gave up');
    expect(proxy).toMatchObject({ connections: 1, faults: 1 });
    expect(sockets).toEqual([]);
  });

  it('swallows the answer only', async () => {
    proxy.set({ kind: 'no-answer' });
    expect(await post('hello', 300)).toBe('gave up');
    expect(bodies).toEqual(['hello']);
  });

  it('sends a request twice, and the client notices nothing', async () => {
    proxy.set({ kind: 'duplicate' });
    expect(await post('hello')).toBe('200 the answer');
    expect(bodies).toEqual(['hello', 'hello']);
  });

  it('answers itself', async () => {
    proxy.set({ kind: 'answer', text: httpAnswer(503, { 'retry-after': '7' }, 'busy') });
    expect(await post('hello')).toBe('503 busy');
    expect(bodies).toEqual([]);
  });

  it('resets connections as they come', async () => {
    proxy.set({ kind: 'refuse' });
    expect(await post('hello')).toMatch(/ECONNRESET|EPIPE/);
    expect(sockets).toEqual([]);
  });

  it('draws from its seed who is concerned', async () => {
    proxy.set({ kind: 'sometimes', share: 0.5, fault: { kind: 'refuse' } });
    const fates = async (through: FaultProxy): Promise<string> => {
      let drawn = '';
      for (let i = 0; i < 20; i++) drawn += through.drawFault().kind === 'none' ? '-' : 'x';
      return drawn;
    };
    const other = await FaultProxy.start({ target: proxy.target, seed: 7 });
    other.set({ kind: 'sometimes', share: 0.5, fault: { kind: 'refuse' } });
    const drawn = await fates(proxy);
    expect(drawn).toMatch(/x.*-|-.*x/);
    expect(await fates(other)).toBe(drawn);
    await other.close();
  });

  it('changes its mind about connections that are open, and forgets nothing they have lost', async () => {
    const socket = connect(proxy.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    const ask = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx';
    socket.write(ask);
    await until(() => received.includes('the answer'));
    proxy.set({ kind: 'black-hole' });
    socket.write(ask);
    await until(() => proxy.faults === 1);
    proxy.heal();
    socket.write(ask);
    expect(await post('another')).toBe('200 the answer');
    expect(bodies).toEqual(['x', 'another']);
    socket.destroy();
  });

  it('closes what it holds when it is closed', async () => {
    proxy.set({ kind: 'black-hole' });
    const pending = post('hello');
    await until(() => proxy.faults === 1);
    await proxy.close();
    expect(await pending).toBe('ECONNRESET');
    proxy = await FaultProxy.start({ target: 1 });
  });
});
