/**
 * A tunnel through an HTTP proxy (CONNECT; RFC 9110, 9.3.6), for what is encrypted from end to end.
 * Runs in the agent's worker. Bounded by TUNNEL_TIMEOUT_MS; the answer's head by Node's 16 KiB.
 */
import type { ClientRequest } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import { ProxySettingError } from './proxy-for.js';

/** That of a connection (`http-post.ts`), which a tunnel stands for. */
const TUNNEL_TIMEOUT_MS = 5000;

export interface TunnelWay {
  /** Without credentials. */
  readonly proxy: URL;
  readonly host: string;
  readonly port: number;
  readonly authorization: Readonly<Record<string, string>>;
  readonly lookup: LookupFunction;
}

/**
 * Calls back once: with the socket, on which the destination speaks, or with an error that names the
 * proxy. Destroying what is returned gives up.
 * @param request node:http's, which is loaded where a proxy is named
 */
export function openTunnel(
  request: typeof import('node:http').request,
  { proxy, host, port, authorization, lookup }: TunnelWay,
  done: (error: Error | undefined, socket?: Socket) => void,
): ClientRequest {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const opening = request(proxy, {
    method: 'CONNECT',
    path: authority,
    // Not from a pool: the socket changes hands.
    agent: false,
    headers: { host: authority, ...authorization },
    lookup,
  });
  const timer = setTimeout(
    () => opening.destroy(new Error(`no tunnel within ${TUNNEL_TIMEOUT_MS} ms`)),
    TUNNEL_TIMEOUT_MS,
  );
  const settle = (error: Error | undefined, socket?: Socket): void => {
    clearTimeout(timer);
    // Once: what comes later is about a tunnel that somebody else owns, or that nobody wants.
    opening.removeAllListeners('connect').removeAllListeners('error');
    opening.on('error', () => undefined);
    done(error, socket);
  };
  opening.on('connect', (response, socket) => {
    if (response.statusCode === 200) return settle(undefined, socket as Socket);
    socket.destroy();
    settle(refusalOf(proxy, response.statusCode));
  });
  opening.on('error', (error: NodeJS.ErrnoException) => {
    settle(new Error(`the proxy ${proxy.origin}: ${error.message || error.code}`));
  });
  opening.end();
  return opening;
}

function refusalOf({ origin }: URL, status: number | undefined): Error {
  if (status !== 407) return new Error(`the proxy ${origin} answered ${status} to CONNECT`);
  return new ProxySettingError(
    `the proxy ${origin} asks for credentials (407): HTTPS_PROXY=http://user:password@host:port`,
  );
}
