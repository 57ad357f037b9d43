/**
 * Outbound calls through fetch and undici (the one inside Node and the one from npm publish on the
 * same channels). A call ends when its body has been read, or with its error.
 */
import { subscribe } from 'node:diagnostics_channel';
import { CallRecorder, type OutboundCall, portOf } from '../call-recorder.js';
import { guarded } from '../guarded.js';
import type { Probe } from '../probe.js';
import { errorTypeOf } from '../timed-call.js';

const CALL = Symbol('tachograph.call');
interface UndiciRequest {
  [CALL]?: {
    readonly begun: OutboundCall;
    statusCode: number | undefined;
  };
  readonly origin: string | URL;
  readonly method: string;
  /** Names and values in turn; one text until undici 5. */
  readonly headers?: readonly unknown[] | string;
  addHeader?(name: string, value: string): unknown;
}
type Listener = (message: unknown) => void;

export const undiciProbe: Probe = {
  name: 'undici',
  start({ recorder, work, propagate, warn }) {
    const calls = new CallRecorder(recorder, work);
    const end = (request: UndiciRequest, error: string | undefined): void => {
      const call = request[CALL];
      if (call === undefined) return;
      // A failed upgrade or retry may publish twice.
      delete request[CALL];
      calls.end(call.begun, call.statusCode, error);
    };
    const on = <Message>(channel: string, handle: (message: Message) => void): void =>
      subscribe(channel, guarded('undici', warn, handle) as Listener);

    on('undici:request:create', ({ request }: { request: UndiciRequest }) => {
      const caller = work.current();
      const { protocol, hostname, host } = new URL(request.origin);
      const target = { method: request.method, address: hostname, port: portOf(host, protocol) };
      request[CALL] = { begun: calls.begin(target, caller), statusCode: undefined };
      if (caller === undefined || hasTraceparent(request)) return;
      propagate(caller, hostname, (name, value) => request.addHeader?.(name, value));
    });
    on(
      'undici:request:headers',
      ({ request, response }: { request: UndiciRequest; response: { statusCode: number } }) => {
        const call = request[CALL];
        if (call !== undefined) call.statusCode = response.statusCode;
      },
    );
    on('undici:request:trailers', ({ request }: { request: UndiciRequest }) =>
      end(request, undefined),
    );
    on('undici:request:error', ({ request, error }: { request: UndiciRequest; error: unknown }) =>
      end(request, errorTypeOf(error) ?? 'error'),
    );
  },
};

function hasTraceparent({ headers = [] }: UndiciRequest): boolean {
  if (typeof headers === 'string') return /^traceparent:/im.test(headers);
  return headers.some((item, i) => i % 2 === 0 && /^traceparent$/i.test(String(item)));
}
