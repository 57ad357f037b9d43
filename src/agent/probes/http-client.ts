/**
 * Outbound calls through node:http and node:https (axios, got, superagent, AWS SDK …), by the
 * runtime's channels. A call ends when its `close` is emitted, which covers errors and aborts too.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { CallRecorder, type CallTarget, type OutboundCall, portOf } from '../call-recorder.js';
import { guarded } from '../guarded.js';
import { http, isLoaded } from '../late-builtins.js';
import { beforeCall } from '../patch-method.js';
import type { Probe, ProbeHost } from '../probe.js';
import { errorTypeOf } from '../timed-call.js';
import type { Unit } from '../unit.js';

const CALL = Symbol('tachograph.call');
interface Call {
  readonly begun: OutboundCall;
  error: string | undefined;
}
type TrackedRequest = ClientRequest & {
  [CALL]?: Call;
  [CALLER]?: Unit;
  readonly res?: IncomingMessage | null;
  readonly socketPath?: string;
};
const CALLER = Symbol('tachograph.caller');
type Listener = (message: unknown) => void;

export const httpClientProbe: Probe = {
  name: 'http-client',
  start(host) {
    const { recorder, work, warn } = host;
    // To load node:http costs 2 to 4 ms, which who only asks a database must not pay; once the
    // application has loaded it, a first request has a connection made.
    let isNoting = false;
    beforeCall(Socket.prototype, 'connect', warn, () => {
      // By node:https, too.
      if (isNoting || !isLoaded('_http_client')) return;
      isNoting = true;
      noteCallers(host);
    });
    const calls = new CallRecorder(recorder, work);
    const onClose = guarded('http-client', warn, (request: TrackedRequest) => {
      const call = request[CALL];
      if (call === undefined) return;
      const { res } = request;
      const error = res?.complete ? undefined : (call.error ?? 'aborted');
      calls.end(call.begun, res?.statusCode, error);
    });
    function onRequestClose(this: TrackedRequest): void {
      onClose(this);
    }

    const onStart = guarded('http-client', warn, ({ request }: { request: TrackedRequest }) => {
      const caller = request[CALLER] ?? work.current();
      request[CALL] = { begun: calls.begin(targetOf(request), caller), error: undefined };
      request.on('close', onRequestClose);
    });
    const onError = guarded(
      'http-client',
      warn,
      ({ request, error }: { request: TrackedRequest; error: unknown }) => {
        const call = request[CALL];
        if (call !== undefined) call.error = errorTypeOf(error) ?? 'error';
      },
    );
    subscribe('http.client.request.start', onStart as Listener);
    subscribe('http.client.request.error', onError as Listener);
  },
};

/**
 * The head of a request is made within whoever asked for it; the runtime tells of the start only once
 * there is a connection, which may belong to nobody, and by then nothing can be added. Headers given as
 * a list are written by the constructor: they carry on no trace.
 */
function noteCallers({ work, propagate, warn }: ProbeHost): void {
  beforeCall(http().ClientRequest.prototype, '_implicitHeader', warn, (self) => {
    const request = self as TrackedRequest;
    const caller = work.current();
    if (request.headersSent || caller === undefined) return;
    request[CALLER] = caller;
    if (request.hasHeader('traceparent')) return;
    const host = request.socketPath === undefined ? request.host : 'localhost';
    propagate(caller, host, (name, value) => request.setHeader(name, value));
  });
}

/** The port is kept by nobody but the host header. */
function targetOf(request: TrackedRequest): CallTarget {
  const { method, host, protocol, socketPath } = request;
  if (socketPath !== undefined) return { method, address: 'unix', port: '' };
  return { method, address: host, port: portOf(String(request.getHeader('host') ?? ''), protocol) };
}
