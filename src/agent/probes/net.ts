/**
 * Name look-up and connect time of every outbound TCP connection (HTTP, databases, caches, mail).
 * There is no channel that TLS sockets pass, so `net.Socket.prototype.connect` is wrapped: all
 * connections go through it, once each, and pooled ones seldom.
 */
import { Socket } from 'node:net';
import { DNS_LOOKUP_DURATION, NET_CONNECT_DURATION } from '../../shared/metrics.js';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guarded } from '../guarded.js';
import type { Probe, ProbeHost } from '../probe.js';
import { errorTypeOf } from '../timed-call.js';

interface Attempt {
  readonly socket: Socket;
  /** Of `connect`, in any of its forms. */
  readonly args: readonly unknown[];
}

export const netProbe: Probe = {
  name: 'net',
  start(host) {
    const watch = createWatch(host);
    const connect = Socket.prototype.connect as (...args: unknown[]) => Socket;
    const wrapped = function (this: Socket, ...args: unknown[]): Socket {
      watch({ socket: this, args });
      return Reflect.apply(connect, this, args);
    };
    Socket.prototype.connect = dressAs(wrapped, connect) as typeof Socket.prototype.connect;
  },
};

function createWatch({ recorder, warn }: ProbeHost): (attempt: Attempt) => void {
  return guarded('net', warn, ({ socket, args }: Attempt) => {
    const { address, port } = targetOf(args);
    const startMs = nowMs();
    let connectStartMs = startMs;
    const usSince = (fromMs: number): number => Math.round((nowMs() - fromMs) * 1000);

    // Emitted for names only, once for each address tried: the first is the look-up's end.
    const onLookup = guarded('net', warn, (error: Error | null) => {
      connectStartMs = nowMs();
      recorder.record(
        recorder.series(DNS_LOOKUP_DURATION, [address, errorTypeOf(error)]),
        usSince(startMs),
      );
    });
    const finish = guarded('net', warn, (error: string | undefined) => {
      socket.off('lookup', onLookup);
      socket.off('connect', onConnect);
      socket.off('close', onClose);
      const series = recorder.series(NET_CONNECT_DURATION, [address, port, error]);
      recorder.record(series, usSince(connectStartMs));
    });
    const onConnect = (): void => finish(undefined);
    const onClose = (): void => finish(errorTypeOf(socket.errored) ?? 'aborted');
    socket.once('lookup', onLookup);
    socket.once('connect', onConnect);
    socket.once('close', onClose);
  });
}

/** `connect(options)`, `connect(port, host?)`, `connect(path)`, or net's own normalised array. */
function targetOf(args: readonly unknown[]): { address: string; port: string } {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (typeof first === 'object' && first !== null) {
    const { host, port, path } = first as { host?: string; port?: number; path?: string };
    if (path !== undefined && path !== null) return { address: 'unix', port: '' };
    return { address: String(host ?? 'localhost'), port: String(port ?? '') };
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { address: 'unix', port: '' };
  return { address: typeof args[1] === 'string' ? args[1] : 'localhost', port: String(first) };
}
