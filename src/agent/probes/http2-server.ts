/**
 * HTTP/2 requests, which the runtime's HTTP/1 channels do not cover. A server of node:http2 gets a
 * `stream` listener before the application's own. HTTP/1 clients of the same server are seen by the
 * http-server probe.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { keepContextInStreams } from '../body-events.js';
import { nowMs } from '../clock.js';
import { guarded } from '../guarded.js';
import { watchHttp2Servers } from '../http2-servers.js';
import type { Probe, ProbeHost } from '../probe.js';
import { attachState, RequestState, stateOf, UNKNOWN_BYTES } from '../request-state.js';

type Headers = Readonly<Record<string, string | string[] | number | undefined>>;

export const http2ServerProbe: Probe = {
  name: 'http2-server',
  start(host) {
    const listener = streamListener(host);
    watchHttp2Servers(host.warn, (server) => {
      server.prependListener('stream', listener);
    });
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
  let isKept = false;
  const begin = guarded('http2-server', warn, ([stream, headers]: [ServerHttp2Stream, Headers]) => {
    const method = String(headers[':method'] ?? '');
    const state = new RequestState(nowMs(), method, String(headers[':path'] ?? '/'));
    state.headers = headers as IncomingHttpHeaders;
    state.bytesIn = contentLength(headers);
    attachState(stream, state);
    requests.begin(state);
    stream.on('close', () => onClose(stream));
    context.enter(state);
    if (isKept || context.followed() !== state) return;
    isKept = true;
    keepContextInStreams(stream, context);
  });
  return (stream, headers) => begin([stream, headers]);
}

/** Bytes of the body where the message says so: a stream shares its connection's counters. */
function contentLength(headers: Headers): number {
  const bytes = Number(headers['content-length'] ?? UNKNOWN_BYTES);
  return Number.isSafeInteger(bytes) ? bytes : UNKNOWN_BYTES;
}
