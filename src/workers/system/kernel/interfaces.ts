/**
 * Traffic of network interfaces from /proc/net/dev, which is that of the process's own network
 * namespace. Fast tier. The loopback is followed too: a service talks to its proxy and its database
 * there. The host's ends of container links are not: their names are new with every container, and
 * their bytes pass the bridge as well.
 */
import {
  SYSTEM_NETWORK_DROPPED,
  SYSTEM_NETWORK_ERRORS,
  SYSTEM_NETWORK_IO,
  SYSTEM_NETWORK_PACKETS,
} from '../../../shared/metrics.js';
import { type CounterSeries, createCounterSeries } from '../counter-series.js';
import { createDeviceTable } from '../device-table.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { nextLine, readNumber, readWord, skipFields } from './scan.js';

/** Container links (Docker, Calico, Cilium) and the kernel's helper devices. */
const NOT_FOLLOWED = /^(veth|cali|lxc[0-9a-f]{6}|ifb\d|dummy\d)/;
const HEADER_LINES = 2;

/** In the order of a line's columns; the error and drop columns follow bytes and packets. */
const METRICS = [
  SYSTEM_NETWORK_IO,
  SYSTEM_NETWORK_PACKETS,
  SYSTEM_NETWORK_ERRORS,
  SYSTEM_NETWORK_DROPPED,
] as const;
/** fifo, frame, compressed, multicast: between received drops and sent bytes. */
const COLUMNS_BETWEEN = 4;

interface Interface {
  readonly received: readonly CounterSeries[];
  readonly sent: readonly CounterSeries[];
}

export function createInterfaces({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/net/dev`, scratch);

  const interfaces = createDeviceTable(
    (name) => !NOT_FOLLOWED.test(name),
    (name): Interface => {
      const series = (direction: string) =>
        METRICS.map((metric) =>
          createCounterSeries(sink, metric, 1, [
            ['network.interface.name', name],
            ['network.io.direction', direction],
          ]),
        );
      return { received: series('receive'), sent: series('transmit') };
    },
  );

  return {
    sample() {
      const lines = file.read();
      if (lines === undefined) return;
      for (let i = 1; i < HEADER_LINES; i++) nextLine(lines);
      while (nextLine(lines)) {
        // A name may touch its first number in kernels before 2.6.36, which Node 20 does not run on.
        const entry = interfaces.find(readWord(lines).slice(0, -1));
        if (entry === undefined) continue;
        for (const counter of entry.received) counter(readNumber(lines));
        skipFields(lines, COLUMNS_BETWEEN);
        for (const counter of entry.sent) counter(readNumber(lines));
      }
      interfaces.sweep();
    },
    close: () => file.close(),
  };
}
