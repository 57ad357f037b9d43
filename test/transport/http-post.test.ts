import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpPoster } from '../../src/transport/http-post.js';

let close: () => void = () => undefined;
afterEach(() => close());

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

/** `onRequest` gets the number of the request on its connection, from 1 on. */
async function serverOf(onRequest: (socket: Socket, request: number) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests += 1;
      onRequest(socket, requests);
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

/** Answers the first `answers` requests of each connection and resets it at the next. */
function serverThatForgets(answers: number) {
  return serverOf((socket, request) => {
    if (request > answers) socket.resetAndDestroy();
    else socket.write(OK);
  });
}

describe('a post', () => {
  it('fails when the server switches protocols, which nobody asked for', async () => {
    const { url } = await serverOf((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
    const poster = await httpPoster(url, Date.now);
    await expect(poster.post(new Uint8Array([1]), {}, 2000)).rejects.toThrow('without an answer');
    await poster.close();
  });

  it.concurrent('is given up when its body stands still half-way, long before all its time is over', async ({
    expect,
  }) => {
    const server = createServer((socket) => socket.pause());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const poster = await httpPoster(new URL(`http://127.0.0.1:${port}/`), Date.now);
    // More than the sockets of both ends hold.
    const body = new Uint8Array(32 * 1024 * 1024);
    await expect(poster.post(body, {}, 20_000)).rejects.toThrow('nothing moved for');
    await poster.close();
    server.close();
  });

  it('that waits on a kept connection ends with `close`, and is not begun again', async () => {
    const { url, sockets } = await serverOf((socket, request) => {
      if (request === 1) socket.write(OK);
    });
    const poster = await httpPoster(url, Date.now);
    await poster.post(new Uint8Array([1]), {}, 2000);
    const waiting = poster.post(new Uint8Array([2]), {}, 20_000);
    setTimeout(() => poster.close(), 100);
    await expect(waiting).rejects.toThrow();
    expect(sockets.size).toBe(1);
  });

  it.each([
    ['new', 0],
    ['kept', 1],
  ])(
    'that waits on a %s connection fails with `hangUp`, and the next has another',
    async (_, answers) => {
      let connections = 0;
      const { url, sockets } = await serverOf((socket, request) => {
        if (request === 1) connections += 1;
        if (connections > 1 || request <= answers) socket.write(OK);
        else poster.hangUp();
      });
      const poster = await httpPoster(url, Date.now);
      for (let i = 0; i < answers; i++) await poster.post(new Uint8Array([1]), {}, 20_000);
      await expect(poster.post(new Uint8Array([1]), {}, 20_000)).rejects.toThrow();
      expect((await poster.post(new Uint8Array([1]), {}, 20_000)).status).toBe(200);
      expect(sockets.size).toBe(2);
      await poster.close();
    },
  );

  it('whose connection is not yet made when `close` comes is not sent', async () => {
    const { url, sockets } = await serverThatForgets(1);
    const poster = await httpPoster(url, Date.now);
    const posted = poster.post(new Uint8Array([1]), {}, 2000);
    await poster.close();
    await expect(posted).rejects.toThrow('closed before it was sent');
    expect(sockets.size).toBe(0);
  });
});

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
