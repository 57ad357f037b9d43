import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { unpack } from 'msgpackr';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSender } from '../../src/transport/create-sender.js';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { parseDestinations } from '../../src/transport/destination.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import type { Outcome, Sender } from '../../src/transport/sender.js';
import { sampleBatch, sampleParcel } from './sample-batch.js';
import { type Answering, answer, TestServer } from './test-server.js';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function senderTo(entry: string, token = ''): Promise<Sender> {
  const { destinations, problems } = parseDestinations([entry]);
  expect(problems).toEqual([]);
  const sender = await createSender(destinations[0]!, token, Date.now);
  cleanups.push(() => sender.close());
  return sender;
}

async function serve(answering: Answering): Promise<TestServer> {
  const server = await TestServer.start(answering);
  cleanups.push(() => server.stop());
  return server;
}

/** A server below HTTP: `behave` gets each connection after its first bytes came. */
async function serveRaw(behave: (socket: Socket, seen: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  let seen = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => behave(socket, seen++));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function outcomeOf(answering: Answering): Promise<Outcome> {
  const server = await serve(answering);
  const sender = await senderTo(server.url);
  return sender.send(sampleParcel(), 5000);
}

function page(status: number): Answering {
  return answer(status, { 'content-type': 'text/html; charset=utf-8' }, '<html>log in</html>');
}

describe('the native sender', () => {
  it('posts the batch with the headers of the specification', async () => {
    const server = await serve(answer(200));
    const sender = await senderTo(`${server.url}/base`, 'secret');
    const parcel = sampleParcel(42, 300);
    const beforeMs = Date.now();
    expect(await sender.send(parcel, 5000)).toEqual({ kind: 'accepted' });
    const afterMs = Date.now();
    const { method, path, headers, body } = server.received[0]!;
    expect([method, path]).toEqual(['POST', '/base/v1/batches']);
    expect(headers).toMatchObject({
      'content-type': 'application/msgpack',
      'content-encoding': 'gzip',
      'tachograph-agent': 'shop-1:4711',
      'tachograph-boot': parcel.identity.boot,
      'tachograph-sequence': '42',
      'tachograph-sent': expect.stringMatching(/^\d+$/),
      authorization: 'Bearer secret',
    });
    const sentMs = Number(headers['tachograph-sent']);
    expect(beforeMs <= sentMs && sentMs <= afterMs).toBe(true);
    expect(body.equals(parcel.body)).toBe(true);
    expect(decodeBatch(body).identity).toEqual(parcel.identity);
  });

  it('does not compress what is small', async () => {
    const server = await serve(answer(200));
    const sender = await senderTo(server.url);
    await sender.send(sampleParcel(1, 1), 5000);
    expect(server.received[0]!.headers['content-encoding']).toBeUndefined();
    expect(server.received[0]!.headers.authorization).toBeUndefined();
  });

  it('sends the user and password of the address when there is no token', async () => {
    const server = await serve(answer(200));
    const sender = await senderTo(server.url.replace('//', '//bob:pass@'));
    await sender.send(sampleParcel(), 5000);
    expect(server.received[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('bob:pass').toString('base64')}`,
    );
  });

  it('keeps its connection for the next batch', async () => {
    const server = await serve(answer(204));
    const sender = await senderTo(server.url);
    for (let sequence = 1; sequence <= 5; sequence++) {
      expect(await sender.send(sampleParcel(sequence), 5000)).toEqual({ kind: 'accepted' });
    }
    expect(server.received).toHaveLength(5);
    expect(server.connections).toBe(1);
  });

  it('survives a host name that no header can carry', async () => {
    const server = await serve(answer(200));
    const sender = await senderTo(server.url);
    const parcel = sampleParcel();
    const identity = { ...parcel.identity, agent: 'bü\r\nro:1' };
    expect(await sender.send({ ...parcel, identity }, 5000)).toEqual({ kind: 'accepted' });
    expect(server.received[0]!.headers['tachograph-agent']).toBe('b???ro:1');
  });

  it.each([200, 201, 202, 204])('takes %i for acceptance', async (status) => {
    expect(await outcomeOf(answer(status))).toEqual({ kind: 'accepted' });
  });

  it.each([200, 400, 422])('does not believe a %i that carries a web page', async (status) => {
    expect(await outcomeOf(page(status))).toMatchObject({
      kind: 'retry',
      afterMs: 60_000,
      needsMending: true,
      reason: expect.stringContaining('web page'),
    });
  });

  it.each([
    [400, true],
    [413, true],
    [422, true],
    [415, false],
  ])('takes %i for a refusal for good', async (status, splittable) => {
    expect(await outcomeOf(answer(status))).toMatchObject({ kind: 'refused', splittable });
  });

  it('sends parts of what is too large for whatever stands before a collector', async () => {
    expect(await outcomeOf(page(413))).toMatchObject({ kind: 'refused', splittable: true });
  });

  it.each([401, 403])('tries again slowly after %i, and blames the token', async (status) => {
    expect(await outcomeOf(answer(status))).toMatchObject({
      kind: 'retry',
      code: 'TACHO_TOKEN_REFUSED',
      afterMs: 60_000,
    });
  });

  it.each([
    [301, 'https://elsewhere.example/x'],
    [302, 'https://elsewhere.example/x'],
    [308, 'https://elsewhere.example/x'],
    [404, 'Check host, port and path'],
    [405, 'Check host, port and path'],
  ])('tries again slowly after %i, and says what to mend', async (status, said) => {
    const server = await serve(answer(status, { location: 'https://elsewhere.example/x' }));
    const sender = await senderTo(server.url);
    expect(await sender.send(sampleParcel(), 5000)).toMatchObject({
      kind: 'retry',
      afterMs: 60_000,
      needsMending: true,
      reason: expect.stringContaining(said),
    });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    [500, {}, undefined],
    [502, {}, undefined],
    [503, { 'retry-after': '7' }, 7000],
    [429, { 'retry-after': '-3' }, undefined],
    [429, { 'retry-after': '86400' }, 900_000],
    [408, {}, undefined],
  ])('tries again after %i %o', async (status, headers, afterMs) => {
    const outcome = await outcomeOf(answer(status, headers));
    expect(outcome).toMatchObject({ kind: 'retry', code: 'TACHO_COLLECTOR_UNREACHABLE' });
    expect(outcome).not.toHaveProperty('needsMending');
    expect((outcome as { afterMs?: number }).afterMs).toBe(afterMs);
  });

  it('honours a Retry-After that is a date', async () => {
    const date = new Date(Date.now() + 120_000).toUTCString();
    const outcome = await outcomeOf(answer(503, { 'retry-after': date }));
    const { afterMs } = outcome as { afterMs: number };
    expect(afterMs).toBeGreaterThan(100_000);
    expect(afterMs).toBeLessThanOrEqual(120_000);
  });

  it('reads that date by the clock of who wrote it', async () => {
    const theirs = Date.now() + 3 * 3_600_000;
    const headers = {
      date: new Date(theirs).toUTCString(),
      'retry-after': new Date(theirs + 30_000).toUTCString(),
    };
    expect(await outcomeOf(answer(503, headers))).toMatchObject({ kind: 'retry', afterMs: 30_000 });
  });

  it('tries again when nobody listens', async () => {
    const server = await TestServer.start(answer(200));
    const { url } = server;
    await server.stop();
    const sender = await senderTo(url);
    expect(await sender.send(sampleParcel(), 5000)).toMatchObject({
      kind: 'retry',
      reason: expect.stringMatching(/^http:\/\/127\.0\.0\.1.*ECONNREFUSED/),
    });
  });

  it('gives up on a server that never answers, and sends the next batch afresh', async () => {
    let hangs = true;
    const server = await serve((response) => {
      if (!hangs) response.writeHead(200).end();
    });
    const sender = await senderTo(server.url);
    expect(await sender.send(sampleParcel(1), 300)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('no answer within 300 ms'),
    });
    hangs = false;
    expect(await sender.send(sampleParcel(2), 5000)).toEqual({ kind: 'accepted' });
  });

  it('gives up on a connection that is never made, and does not send the batch late', async () => {
    let greeted: Socket | undefined;
    // TLS to a server that does not answer the greeting: a black hole behind an open port.
    const url = await serveRaw((socket) => {
      greeted = socket;
    });
    const sender = await senderTo(url.replace('http:', 'https:'));
    expect(await sender.send(sampleParcel(), 300)).toMatchObject({ kind: 'retry' });
    await vi.waitFor(() => expect(greeted).toBeDefined(), { timeout: 20_000 });
    greeted!.destroy();
    expect(await sender.send(sampleParcel(), 300)).toMatchObject({ kind: 'retry' });
  });

  it('gives up on a server that answers one byte at a time', async () => {
    const timers: NodeJS.Timeout[] = [];
    cleanups.push(() => timers.forEach(clearInterval));
    const url = await serveRaw((socket) => {
      timers.push(setInterval(() => socket.write('x-slow: 1\r\n'), 50));
      socket.write('HTTP/1.1 200 OK\r\n');
    });
    const sender = await senderTo(url);
    expect(await sender.send(sampleParcel(), 400)).toMatchObject({ kind: 'retry' });
  });

  it.each([
    ['before it answers', ''],
    ['in the middle of the head', 'HTTP/1.1 20'],
    ['in the middle of the body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc'],
  ])('tries again when the connection is reset %s', async (_name, bytes) => {
    const url = await serveRaw((socket) => {
      socket.write(bytes, () => socket.resetAndDestroy());
    });
    const sender = await senderTo(url);
    expect(await sender.send(sampleParcel(), 5000)).toMatchObject({ kind: 'retry' });
  });

  it('tries again when what answers does not speak HTTP', async () => {
    const url = await serveRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    const sender = await senderTo(url);
    expect(await sender.send(sampleParcel(), 5000)).toMatchObject({ kind: 'retry' });
  });

  it('reads no more than 64 KiB of an answer', async () => {
    let written = 0;
    const server = await serve((response) => {
      response.on('error', () => undefined);
      const pour = (): void => {
        while (!response.destroyed && written < 50_000_000) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', pour);
        }
      };
      response.writeHead(200, { 'content-type': 'text/plain' });
      pour();
    });
    const sender = await senderTo(server.url);
    expect(await sender.send(sampleParcel(), 5000)).toEqual({ kind: 'accepted' });
    expect(written).toBeLessThan(50_000_000);
  });

  it('ends a request under way when it is closed', async () => {
    const server = await serve(() => undefined);
    const sender = await senderTo(server.url);
    const sent = sender.send(sampleParcel(), 60_000);
    while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await sender.close();
    expect(await sent).toMatchObject({ kind: 'retry' });
  });

  it('shows no credentials in its reasons', async () => {
    const server = await serve(answer(500));
    const sender = await senderTo(server.url.replace('//', '//bob:hunter2@'), 'hunter2');
    const outcome = await sender.send(sampleParcel(), 5000);
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });
});

describe('the msgpack sender', () => {
  it('posts an array of flat maps in units of people, without the token', async () => {
    const server = await serve(answer(200));
    const sender = await senderTo(`msgpack+${server.url}/tag.name`, 'secret');
    expect(await sender.send(sampleParcel(3, 5), 5000)).toEqual({ kind: 'accepted' });
    const { path, headers, body } = server.received[0]!;
    expect(path).toBe('/tag.name');
    expect(headers['content-type']).toBe('application/msgpack');
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.authorization).toBeUndefined();
    const points = unpack(body) as Record<string, unknown>[];
    expect(points.map(({ name }) => name)).toEqual([
      'http.server.request.duration',
      'process.cpu.time',
      'process.memory.usage',
      'agent.start',
    ]);
    expect(points[0]).toMatchObject({
      kind: 'histogram',
      unit: 's',
      count: 5,
      sum: 0.00711,
      min: 0.0012,
      max: 0.001792,
      'http.route': '/orders/:id',
      'service.name': 'shop',
      boot: sampleParcel().identity.boot,
      sequence: 3,
    });
    const { p50, p99 } = points[0] as { p50: number; p99: number };
    expect(p50).toBeGreaterThanOrEqual(0.001348);
    expect(p50).toBeLessThan(0.001348 * 1.01);
    expect(p99).toBe(0.001792);
    expect(points[1]).toMatchObject({ value: 1.25, 'cpu.mode': 'user' });
    expect(points[2]).toMatchObject({ value: 5_200_000_000, min: 5_100_000_000 });
  });

  it('keeps an attribute whose name is taken under a prefix', async () => {
    const server = await serve(answer(200));
    const sender = await senderTo(`msgpack+${server.url}/x`);
    const batch = { ...sampleBatch(), resource: [['name', 'shop'] as const] };
    await sender.send({ ...sampleParcel(), body: encodeBatch(batch) }, 5000);
    const [point] = unpack(server.received[0]!.body) as Record<string, unknown>[];
    expect(point).toMatchObject({ name: 'http.server.request.duration', 'attribute.name': 'shop' });
  });

  it('refuses a body that is not a batch, without asking anyone', async () => {
    const server = await serve(answer(200));
    const sender = await senderTo(`msgpack+${server.url}/x`);
    const outcome = await sender.send({ ...sampleParcel(), body: Buffer.from('junk') }, 5000);
    expect(outcome).toMatchObject({ kind: 'refused', splittable: false });
    expect(server.received).toHaveLength(0);
  });
});
