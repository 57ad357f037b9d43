/**
 * The connection that carries the requests to one destination: directly, or by the proxy that stands in
 * between. Runs in the agent's worker, and in `tachograph doctor`. Owns one socket at a time, kept for the
 * next batch; it never keeps the process alive while idle. Bounded in time by whoever makes a request
 * (`http-post.ts`).
 */
import type {
  ClientRequest,
  Agent as HttpAgent,
  OutgoingHttpHeaders,
  RequestOptions,
} from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { Network } from './network.js';
import { proxyAuthorization, proxyFor } from './proxy-for.js';
import { openTunnel } from './proxy-tunnel.js';
import { withAuthoritiesOfNode } from './read-authorities.js';
import { singleLookup } from './single-lookup.js';

const HEADER_BYTES_MAX = 16 * 1024;
/**
 * Above the flush interval (10 s), so that each batch finds the connection open; below what common
 * servers and balancers allow (60–75 s). A `Keep-Alive: timeout` of the server goes before it.
 */
const KEEP_ALIVE_MS = 30_000;

export interface HttpConnection {
  /** A request whose body is still to come. */
  request(headers: OutgoingHttpHeaders): ClientRequest;
  close(): void;
}

/** What node:http and node:https have in common. */
interface Client {
  readonly Agent: new (options: object) => HttpAgent;
  request(url: URL, options: RequestOptions): ClientRequest;
}

/** @throws {ProxySettingError} when the proxy that is named cannot be used. */
export async function httpConnection(
  url: URL,
  network: Network,
  method: 'GET' | 'POST' = 'POST',
): Promise<HttpConnection> {
  const { environment, ca, gate } = network;
  const proxy = await proxyFor(url, environment);
  const isTls = url.protocol === 'https:';
  const client: Client = isTls ? await import('node:https') : await import('node:http');
  const lookup = singleLookup(gate, (await import('node:dns')).lookup);
  const agent = new client.Agent({
    keepAlive: true,
    maxSockets: 1,
    timeout: KEEP_ALIVE_MS,
    lookup,
    ...(isTls && ca !== undefined ? { ca: await withAuthoritiesOfNode(ca, environment) } : {}),
  });
  const base = { method, agent, maxHeaderSize: HEADER_BYTES_MAX };
  const close = (): void => agent.destroy();
  if (proxy === undefined) {
    return { request: (headers) => client.request(url, { ...base, headers }), close };
  }
  if (isTls) {
    const tunnels = await tunnelled(agent, proxy, lookup);
    return {
      request: (headers) => client.request(url, { ...base, headers }),
      close() {
        tunnels.close();
        close();
      },
    };
  }
  // A proxy for plain HTTP is told the whole address (RFC 9112, 3.2.2).
  const own = { host: url.host, ...proxyAuthorization(proxy) };
  return {
    request: (headers) =>
      client.request(bareOrigin(proxy), {
        ...base,
        path: url.href,
        headers: { ...headers, ...own },
      }),
    close,
  };
}

/** Makes the agent's connections pass through tunnels of the proxy. */
async function tunnelled(
  agent: HttpAgent,
  proxy: URL,
  lookup: LookupFunction,
): Promise<{ close(): void }> {
  const { request } = await import('node:http');
  const { connect } = await import('node:tls');
  let opening: ClientRequest | undefined;
  const authorization = proxyAuthorization(proxy);
  const origin = bareOrigin(proxy);
  agent.createConnection = (options, callback) => {
    const { host = '', port = 443 } = options as { host?: string; port?: number };
    const way = { proxy: origin, host, port, authorization, lookup };
    // Of a post that was given up: a request without a socket cannot take it back.
    opening?.destroy();
    opening = openTunnel(request, way, (error, socket) => {
      if (socket === undefined) return callback?.(error ?? null, undefined as unknown as Duplex);
      callback?.(null, connect({ ...(options as ConnectionOptions), socket }));
    });
    return undefined as unknown as Duplex;
  };
  return { close: () => void opening?.destroy() };
}

/** Without credentials, which would become an Authorization header for the destination. */
function bareOrigin(proxy: URL): URL {
  return new URL(proxy.origin);
}
