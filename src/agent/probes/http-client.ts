/**
 * Outbound calls through node:http and node:https (axios, got, superagent, AWS SDK …), by the
 * runtime's channels. A call ends when its `close` is emitted, which covers errors and aborts too.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { createCallRecorder, portOf } from '../call-recorder.js';
import { nowMs } from '../clock.js';
import { guarded } from '../guarded.js';
import type { Probe } from '../probe.js';
import { propagateByHttp } from '../propagation.js';
import type { Unit } from '../unit.js';

const CALL = Symbol('tachograph.call');
interface Call {
  readonly startMs: number;
  readonly caller: Unit | undefined;
  error: string | undefined;
}
type TrackedRequest = ClientRequest & {
  [CALL]?: Call;
  readonly res?: IncomingMessage | null;
  readonly socketPath?: string;
};
type Listener = (message: unknown) => void;

export const httpClientProbe: Probe = {
  name: 'http-client',
  start(host) {
    const { recorder, work, propagate, warn } = host;
    propagateByHttp(host, propagate);
    const record = createCallRecorder(recorder, work);
    const onClose = guarded('http-client', warn, (request: TrackedRequest) => {
      const call = request[CALL];
      if (call === undefined) return;
      const { res } = request;
      const error = res?.complete ? undefined : (call.error ?? 'aborted');
      record(targetOf(request), call, res?.statusCode, error);
    });
    function onRequestClose(this: TrackedRequest): void {
      onClose(this);
    }

    const onStart = guarded('http-client', warn, ({ request }: { request: TrackedRequest }) => {
      const caller = work.current();
      request[CALL] = { startMs: nowMs(), caller, error: undefined };
      if (caller !== undefined) caller.clientCalls += 1;
      request.on('close', onRequestClose);
    });
    const onError = guarded(
      'http-client',
      warn,
      ({
        request,
        error,
      }: {
        request: TrackedRequest;
        error: { code?: string; name?: string };
      }) => {
        const call = request[CALL];
        if (call !== undefined) call.error = error.code ?? error.name ?? 'error';
      },
    );
    subscribe('http.client.request.start', onStart as Listener);
    subscribe('http.client.request.error', onError as Listener);
  },
};

/** The port is kept by nobody but the host header. */
function targetOf(request: TrackedRequest): { method: string; address: string; port: string } {
  const { method, host, protocol, socketPath } = request;
  if (socketPath !== undefined) return { method, address: 'unix', port: '' };
  return { method, address: host, port: portOf(String(request.getHeader('host') ?? ''), protocol) };
}
