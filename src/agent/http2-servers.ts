/**
 * Servers made by node:http2, known when they listen. To import node:http2 and wrap its functions would
 * cost every application its loading (5 ms), and most never use it. Any application thread.
 */
import type { Http2Server } from 'node:http2';
import { Server } from 'node:net';
import { guardedCall, type Warn } from './guarded.js';
import { beforeCall } from './patch-method.js';

const HTTP2_SERVERS: ReadonlySet<string> = new Set(['Http2Server', 'Http2SecureServer']);

/** Calls `onServer` with each server of HTTP/2 once, before it listens. */
export function watchHttp2Servers(warn: Warn, onServer: (server: Http2Server) => void): void {
  const seen = new WeakSet<object>();
  const tell = guardedCall('http2-server', warn, onServer);
  beforeCall(Server.prototype, 'listen', warn, (server) => {
    if (!HTTP2_SERVERS.has(server.constructor.name) || seen.has(server)) return;
    seen.add(server);
    tell(server as Http2Server);
  });
}
