/** The host's CPU time by mode, from the first line of /proc/stat. Fast tier. */
import { SYSTEM_CPU_TIME, SYSTEM_CPU_UTILIZATION } from '../../../shared/metrics.js';
import { createCounterSeries } from '../counter-series.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { readKernelUnits } from './kernel-units.js';
import { readNumber, skipFields } from './scan.js';

/** The line has ten numbers of at most 20 digits. */
const LINE_BYTES_MAX = 256;
const MICROSECONDS_PER_SECOND = 1_000_000;

export function createHostCpu({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/stat`, scratch, LINE_BYTES_MAX);
  const tickUs = MICROSECONDS_PER_SECOND / readKernelUnits(root).ticksPerSecond;
  const mode = (name: string) =>
    createCounterSeries(sink, SYSTEM_CPU_TIME, tickUs, [['cpu.mode', name]]);
  const user = mode('user');
  const nice = mode('nice');
  const system = mode('system');
  const idle = mode('idle');
  const iowait = mode('iowait');
  const interrupt = mode('interrupt');
  const steal = mode('steal');

  return {
    sample() {
      const line = file.read();
      if (line === undefined) return;
      skipFields(line, 1);
      // The order of proc(5). Guest time, which follows, is contained in user and nice already.
      const busyBefore = added(user(readNumber(line))) + added(nice(readNumber(line)));
      const systemAdded = added(system(readNumber(line)));
      // Waiting for storage is idle time: the CPU had nothing to run. It may run backwards.
      const idleAdded = added(idle(readNumber(line))) + added(iowait(readNumber(line)));
      const hardware = readNumber(line);
      const interruptAdded = added(interrupt(hardware + readNumber(line)));
      const stealAdded = added(steal(readNumber(line)));
      const busy = busyBefore + systemAdded + interruptAdded + stealAdded;
      const all = busy + idleAdded;
      if (all > 0) {
        sink.set(SYSTEM_CPU_UTILIZATION, (busy / all) * SYSTEM_CPU_UTILIZATION.scale);
      }
    },
    close: () => file.close(),
  };
}

function added(delta: number): number {
  return Number.isNaN(delta) ? 0 : delta;
}
