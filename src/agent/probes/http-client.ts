/**
 * Outbound calls through node:http and node:https (axios, got, superagent, AWS SDK …), from the moment when
 * their head is made. A call ends when its `close` is emitted, which covers errors and aborts too.
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
const PORT = Symbol('tachograph.port');
const ABSOLUTE = /^https?:\/\//i;
interface Call {
  readonly begun: OutboundCall;
  error: string | undefined;
}
type TrackedRequest = ClientRequest & {
  [CALL]?: Call;
  [PORT]?: string;
  readonly res?: IncomingMessage | null;
  readonly socketPath?: string;
};
type Begin = (request: TrackedRequest, caller: Unit | undefined) => CallTarget;
type Listener = (message: unknown) => void;

export const httpClientProbe: Probe = {
  name: 'http-client',
  start(host) {
    const { recorder, work, warn } = host;
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

    const begin: Begin = (request, caller) => {
      const target = targetOf(request);
      request[CALL] = { begun: calls.begin(target, caller), error: undefined };
      request.on('close', onRequestClose);
      return target;
    };
    // To load node:http costs 2 to 4 ms, which who only asks a database must not pay; once the
    // application has loaded it, a first request has a connection made.
    let isWatched = false;
    beforeCall(Socket.prototype, 'connect', warn, () => {
      // By node:https, too.
      if (isWatched || !isLoaded('_http_client')) return;
      isWatched = true;
      watchBeginnings(host, begin);
    });
    // What began otherwise, or on a connection that the application made.
    const onStart = guarded('http-client', warn, ({ request }: { request: TrackedRequest }) => {
      if (request[CALL] === undefined) begin(request, work.current());
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
 * The head of a request is made within whoever asks for it. The runtime tells of the start only once there is
 * a connection, which may belong to nobody, and the whole body has been given to it: until then nothing would
 * count of an upload or of a wait for a free connection, nor at all of a call that ends within them; and by
 * then nothing can be added. Headers given as a list, or with `Expect`, are written by the constructor: such
 * calls begin with the runtime's word, and carry on no trace.
 */
function watchBeginnings({ work, propagate, warn }: ProbeHost, begin: Begin): void {
  const { Agent, ClientRequest } = http();
  beforeCall(Agent.prototype, 'addRequest', warn, (_, self: object, options: unknown) => {
    const { port } = options as { readonly port?: unknown };
    if (port !== undefined) (self as TrackedRequest)[PORT] = String(port);
  });
  beforeCall(ClientRequest.prototype, '_implicitHeader', warn, (self) => {
    const request = self as TrackedRequest;
    if (request.headersSent || request[CALL] !== undefined) return;
    const caller = work.current();
    const { address } = begin(request, caller);
    if (caller === undefined || request.hasHeader('traceparent')) return;
    const host = request.socketPath === undefined ? address : 'localhost';
    propagate(caller, host, (name, value) => request.setHeader(name, value));
  });
}

/** Of a request that has no agent only the Host header tells the port, which may be that of another host. */
function targetOf(request: TrackedRequest): CallTarget {
  const { method, host, protocol, path, socketPath } = request;
  if (socketPath !== undefined) return { method, address: 'unix', port: '' };
  // What a proxy is asked for is somewhere else.
  if (ABSOLUTE.test(path) && URL.canParse(path)) {
    const url = new URL(path);
    return { method, address: url.hostname, port: portOf(url.host, url.protocol) };
  }
  const port = request[PORT] ?? portOf(String(request.getHeader('host') ?? ''), protocol);
  return { method, address: host, port };
}
