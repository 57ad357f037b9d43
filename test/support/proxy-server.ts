/**
 * A real HTTP proxy: CONNECT for what is encrypted, absolute addresses for what is not. It knows one
 * name, `metrics.example`, which only a proxy can resolve: this machine.
 */
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export const NAME = 'metrics.example';

export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly authorization: string | undefined;
}

export interface ProxyServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/** @param status of its own answers; 0 leaves questions unanswered */
export async function startProxy(status = 200): Promise<ProxyServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    asked.push({ method, target: url, authorization: headers['proxy-authorization'] });
    if (status === 0) return;
    if (status !== 200) return void outgoing.writeHead(status).end();
    const onward = request(url.replace(NAME, '127.0.0.1'), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, client: Socket) => {
    const { method = '', url = '', headers } = incoming;
    asked.push({ method, target: url, authorization: headers['proxy-authorization'] });
    client.on('error', () => undefined);
    sockets.add(client);
    if (status === 0) return;
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const { port } = new URL(`http://${url}`);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    sockets.add(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
