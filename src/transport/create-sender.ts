/**
 * From a destination to its sender. Each kind is imported when it is asked for, so that an agent that
 * writes a file does not load an HTTP client.
 */
import type { Destination } from './destination.js';
import { type Network, networkOf } from './network.js';
import type { Sender } from './sender.js';

/** @param token write token of the collector; it is sent to native destinations only */
export async function createSender(
  destination: Destination,
  token: string,
  nowMs: () => number,
  network: Network = networkOf(),
): Promise<Sender> {
  switch (destination.kind) {
    case 'native':
      return (await import('./native-sender.js')).nativeSender(destination, token, nowMs, network);
    case 'msgpack':
      return (await import('./msgpack-sender.js')).msgpackSender(destination, nowMs, network);
    case 'file':
      return (await import('./file-sender.js')).fileSender(destination);
    case 'stdout':
      return (await import('./stdout-sender.js')).stdoutSender();
  }
}
