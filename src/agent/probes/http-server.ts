/**
 * HTTP/1 and HTTPS requests, by the runtime's own channels. Hot path.
 *
 * Aborted requests never publish `response.finish`. A response can only be cut off by its
 * connection, so one `close` listener a connection ends what is still open on it, rather than one
 * listener a request.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AGENT_CPU_TIME } from '../../shared/metrics.js';
import { nowMs } from '../clock.js';
import { guarded } from '../guarded.js';
import type { Probe, ProbeHost } from '../probe.js';
import { attachState, RequestState, stateOf, UNKNOWN_BYTES } from '../request-state.js';

/** One request in so many is timed to estimate what the probe costs the application's thread. */
const SELF_TIMING_INTERVAL = 128;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** What we keep of a connection: how far its byte counters were, and the newest request while it is open. */
interface Connection {
  bytesRead: number;
  bytesWritten: number;
  newest: RequestState | undefined;
}

const CONNECTION = Symbol('tachograph.connection');
type TrackedSocket = Socket & {
  [CONNECTION]?: Connection;
  /** bytesWritten without the walk over what is still buffered: at `finish` nothing is. */
  readonly _bytesDispatched?: number;
};

export const httpServerProbe: Probe = {
  name: 'http-server',
  start(host) {
    const { warn, requests, ticker } = host;
    const { onStart, onFinish } = withSelfTiming(host, createHandlers(host));
    subscribe('http.server.request.start', guarded('http-server', warn, onStart) as Listener);
    subscribe('http.server.response.finish', guarded('http-server', warn, onFinish) as Listener);
    ticker.onSample(() => requests.sampleActive());
  },
};

type Listener = (message: unknown) => void;

interface Handlers {
  readonly onStart: (exchange: Exchange) => void;
  readonly onFinish: (exchange: Exchange) => void;
}

function createHandlers({ requests, context, warn }: ProbeHost): Handlers {
  const onClose = guarded('http-server', warn, (socket: TrackedSocket) => {
    let open = socket[CONNECTION]?.newest;
    while (open !== undefined) {
      const { response, previous }: RequestState = open;
      requests.end(open, response?.headersSent ? response.statusCode : 0, true);
      open = previous;
    }
  });
  function onSocketClose(this: TrackedSocket): void {
    onClose(this);
  }

  return {
    onStart({ request, response, socket }) {
      const state = new RequestState(nowMs(), request.method ?? '', undefined);
      state.request = request;
      state.response = response;
      attachState(request, state);
      const tracked = socket as TrackedSocket;
      let connection = tracked[CONNECTION];
      if (connection === undefined) {
        connection = { bytesRead: 0, bytesWritten: 0, newest: undefined };
        tracked[CONNECTION] = connection;
        socket.on('close', onSocketClose);
      } else if (connection.newest?.isDone === false) {
        state.previous = connection.newest;
      }
      connection.newest = state;
      requests.begin(state);
      context.enter(state);
    },

    onFinish({ request, response, socket }) {
      const state = stateOf(request);
      if (state === undefined) return;
      const tracked = socket as TrackedSocket;
      const connection = tracked[CONNECTION];
      if (connection !== undefined) {
        accountBytes(state, connection, tracked);
        // A connection rests for longer than the young generation lasts: its last state would outlive it.
        if (connection.newest === state) connection.newest = undefined;
      }
      requests.end(state, response.statusCode, false);
    },
  };
}

/**
 * Bytes since the last response of this connection ended. With pipelining a part of the next
 * request may be in it: single sizes are then approximate. An aborted request records no size.
 */
function accountBytes(state: RequestState, connection: Connection, socket: TrackedSocket): void {
  const bytesRead = socket.bytesRead;
  const bytesWritten = socket._bytesDispatched ?? socket.bytesWritten;
  state.bytesIn = bytesRead >= 0 ? bytesRead - connection.bytesRead : UNKNOWN_BYTES;
  state.bytesOut = bytesWritten >= 0 ? bytesWritten - connection.bytesWritten : UNKNOWN_BYTES;
  connection.bytesRead = bytesRead;
  connection.bytesWritten = bytesWritten;
}

/** Times every 128th call of each handler and records the time of all 128, as an estimate. */
function withSelfTiming({ recorder }: ProbeHost, handlers: Handlers): Handlers {
  const series = recorder.series(AGENT_CPU_TIME, ['app']);
  const timed = (handle: (exchange: Exchange) => void): ((exchange: Exchange) => void) => {
    let calls = 0;
    return (exchange) => {
      calls = (calls + 1) % SELF_TIMING_INTERVAL;
      if (calls !== 0) return handle(exchange);
      const beginMs = nowMs();
      handle(exchange);
      const spentUs = (nowMs() - beginMs) * 1000;
      recorder.record(series, Math.round(spentUs * SELF_TIMING_INTERVAL));
    };
  };
  return { onStart: timed(handlers.onStart), onFinish: timed(handlers.onFinish) };
}
