import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpPoster } from '../../src/transport/http-post.js';

let close: () => void = () => undefined;
afterEach(() => close());

/** Answers the first `answers` requests of each connection and resets it at the next. */
async function serverThatForgets(answers: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests += 1;
      if (requests > answers) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  const { port } = server.address() as { port: number };
  return { url: new URL(`http://127.0.0.1:${port}/`), sockets };
}

describe('a kept connection', () => {
  it('carries one request after the other', async () => {
    const { url, sockets } = await serverThatForgets(10);
    const poster = await httpPoster(url, Date.now);
    for (let i = 0; i < 5; i++) {
      expect((await poster.post(new Uint8Array([1]), {}, 2000)).status).toBe(200);
    }
    expect(sockets.size).toBe(1);
    await poster.close();
  });

  it('that the server has dropped is no failure: the request goes over a new one', async () => {
    const { url, sockets } = await serverThatForgets(1);
    const poster = await httpPoster(url, Date.now);
    for (let i = 0; i < 3; i++) {
      expect((await poster.post(new Uint8Array([1]), {}, 2000)).status).toBe(200);
    }
    expect(sockets.size).toBe(3);
    await poster.close();
  });

  it('that is new and reset is a failure', async () => {
    const { url, sockets } = await serverThatForgets(0);
    const poster = await httpPoster(url, Date.now);
    await expect(poster.post(new Uint8Array([1]), {}, 2000)).rejects.toThrow(/ECONNRESET|hang up/);
    expect(sockets.size).toBe(1);
    await poster.close();
  });
});
