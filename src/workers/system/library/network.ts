/** Interface traffic from `networkStats`, which does not count packets. */
import type { Systeminformation } from 'systeminformation';
import {
  SYSTEM_NETWORK_DROPPED,
  SYSTEM_NETWORK_ERRORS,
  SYSTEM_NETWORK_IO,
} from '../../../shared/metrics.js';
import type { Sink } from '../../sink.js';
import { createCounterSeries } from '../counter-series.js';
import { createDeviceTable } from '../device-table.js';

export function createLibraryNetwork(
  sink: Sink,
): (interfaces: readonly Systeminformation.NetworkStatsData[]) => void {
  const table = createDeviceTable(
    () => true,
    (name) => {
      const direction = (metric: typeof SYSTEM_NETWORK_IO, value: string) =>
        createCounterSeries(sink, metric, 1, [
          ['network.interface.name', name],
          ['network.io.direction', value],
        ]);
      return {
        received: direction(SYSTEM_NETWORK_IO, 'receive'),
        sent: direction(SYSTEM_NETWORK_IO, 'transmit'),
        receiveErrors: direction(SYSTEM_NETWORK_ERRORS, 'receive'),
        sendErrors: direction(SYSTEM_NETWORK_ERRORS, 'transmit'),
        receiveDropped: direction(SYSTEM_NETWORK_DROPPED, 'receive'),
        sendDropped: direction(SYSTEM_NETWORK_DROPPED, 'transmit'),
      };
    },
  );

  return (interfaces) => {
    for (const stats of interfaces) {
      // A reading that failed comes as zeros, as in disks.ts.
      if (stats.rx_bytes + stats.tx_bytes === 0) continue;
      const series = table.find(stats.iface);
      series?.received(stats.rx_bytes);
      series?.sent(stats.tx_bytes);
      series?.receiveErrors(stats.rx_errors);
      series?.sendErrors(stats.tx_errors);
      series?.receiveDropped(stats.rx_dropped);
      series?.sendDropped(stats.tx_dropped);
    }
    table.sweep();
  };
}
