/** TCP connections by state from `networkConnections`, which runs netstat or ss. */
import type { Systeminformation } from 'systeminformation';
import { SYSTEM_NETWORK_CONNECTION_COUNT } from '../../../shared/metrics.js';
import type { Sink } from '../../sink.js';

/** Spellings of Linux, BSD, macOS and Windows, with the names of the OpenTelemetry conventions. */
const STATES: Readonly<Record<string, string>> = {
  ESTABLISHED: 'established',
  ESTAB: 'established',
  SYN_SENT: 'syn_sent',
  SYN_RECV: 'syn_received',
  SYN_RECEIVED: 'syn_received',
  FIN_WAIT1: 'fin_wait_1',
  FIN_WAIT_1: 'fin_wait_1',
  FIN_WAIT2: 'fin_wait_2',
  FIN_WAIT_2: 'fin_wait_2',
  TIME_WAIT: 'time_wait',
  CLOSE: 'closed',
  CLOSED: 'closed',
  CLOSE_WAIT: 'close_wait',
  LAST_ACK: 'last_ack',
  LISTEN: 'listen',
  LISTENING: 'listen',
  CLOSING: 'closing',
};

export function createLibraryConnections(
  sink: Sink,
): (connections: readonly Systeminformation.NetworkConnectionsData[]) => void {
  /** States seen since the start: one that empties is reported as 0, not left at its last value. */
  const seen = new Map<string, number>();
  return (connections) => {
    for (const state of seen.keys()) seen.set(state, 0);
    for (const { protocol, state } of connections) {
      const name = STATES[state.replaceAll('-', '_').toUpperCase()];
      if (!protocol.startsWith('tcp') || name === undefined) continue;
      seen.set(name, (seen.get(name) ?? 0) + 1);
    }
    for (const [state, count] of seen) {
      sink.set(SYSTEM_NETWORK_CONNECTION_COUNT, count, [['network.connection.state', state]]);
    }
  };
}
