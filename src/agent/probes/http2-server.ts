/**
 * HTTP/2 requests, which the runtime's HTTP/1 channels do not cover. A server made by node:http2 is
 * known when it listens, and gets a `stream` listener before the application's own. Importing
 * node:http2 to wrap its functions would cost every application its loading (5 ms), and most never
 * use it. HTTP/1 clients of the same server are seen by the http-server probe.
 */
import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import { Server } from 'node:net';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guarded } from '../guarded.js';
import type { Probe, ProbeHost } from '../probe.js';
import { attachState, RequestState, stateOf, UNKNOWN_BYTES } from '../request-state.js';

type Headers = Readonly<Record<string, string | string[] | number | undefined>>;

const HTTP2_SERVERS: ReadonlySet<string> = new Set(['Http2Server', 'Http2SecureServer']);

export const http2ServerProbe: Probe = {
  name: 'http2-server',
  start(host) {
    const seen = new WeakSet<Server>();
    const watch = guarded('http2-server', host.warn, (server: Server) => {
      if (!HTTP2_SERVERS.has(server.constructor.name) || seen.has(server)) return;
      seen.add(server);
      (server as Http2Server).prependListener('stream', streamListener(host));
    });
    const listen = Server.prototype.listen as (...args: unknown[]) => Server;
    const wrapped = function (this: Server, ...args: unknown[]): Server {
      watch(this);
      return Reflect.apply(listen, this, args);
    };
    Server.prototype.listen = dressAs(wrapped, listen) as typeof Server.prototype.listen;
  },
};

function streamListener(host: ProbeHost): (stream: ServerHttp2Stream, headers: Headers) => void {
  const { requests, context, warn } = host;
  const onClose = guarded('http2-server', warn, (stream: ServerHttp2Stream) => {
    const state = stateOf(stream);
    if (state === undefined) return;
    const sent: Headers = stream.sentHeaders ?? {};
    state.bytesOut = contentLength(sent);
    requests.end(state, Number(sent[':status'] ?? 0), stream.aborted || stream.rstCode !== 0);
  });
  const begin = guarded('http2-server', warn, ([stream, headers]: [ServerHttp2Stream, Headers]) => {
    const method = String(headers[':method'] ?? '');
    const state = new RequestState(nowMs(), method, String(headers[':path'] ?? '/'));
    state.bytesIn = contentLength(headers);
    attachState(stream, state);
    requests.begin(state);
    stream.on('close', () => onClose(stream));
    context.enter(state);
  });
  return (stream, headers) => begin([stream, headers]);
}

/** Bytes of the body where the message says so: a stream shares its connection's counters. */
function contentLength(headers: Headers): number {
  const bytes = Number(headers['content-length'] ?? UNKNOWN_BYTES);
  return Number.isSafeInteger(bytes) ? bytes : UNKNOWN_BYTES;
}
