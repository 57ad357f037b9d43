import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it } from 'vitest';
import type { ProbeHost } from '../../src/agent/probe.js';
import { httpServerProbe } from '../../src/agent/probes/http-server.js';
import type { RequestState } from '../../src/agent/request-state.js';

interface Connection {
  readonly newest: RequestState | undefined;
}

/** What the probe keeps of a connection. */
function keptOf(socket: Socket): Connection {
  const symbol = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'tachograph.connection',
  )!;
  return (socket as unknown as Record<symbol, Connection>)[symbol]!;
}

it('an idle connection keeps nothing of its last request', async () => {
  const host = {
    warn: () => {},
    recorder: { series: () => 0, record: () => {} },
    ticker: { onSample: () => {} },
    context: { enter: () => {} },
    requests: {
      begin: () => {},
      end: (state: RequestState) => {
        state.isDone = true;
      },
    },
  };
  httpServerProbe.start(host as unknown as ProbeHost);
  const open: (RequestState | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    sockets.add(request.socket);
    open.push(keptOf(request.socket).newest);
    response.end('hello');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 2; i++) {
    const [response] = (await once(get({ port, agent }), 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
  }
  const [socket] = sockets;
  expect(sockets.size).toBe(1);
  expect(open.map((state) => state?.method)).toEqual(['GET', 'GET']);
  expect(keptOf(socket!).newest).toBeUndefined();
  agent.destroy();
  server.close();
});
