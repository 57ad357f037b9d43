/** Load averages from /proc/loadavg. Fast tier. */
import {
  SYSTEM_CPU_LOAD_AVERAGE_1M,
  SYSTEM_CPU_LOAD_AVERAGE_5M,
  SYSTEM_CPU_LOAD_AVERAGE_15M,
} from '../../../shared/metrics.js';
import { KernelFile } from './kernel-file.js';
import type { KernelContext, KernelReader } from './kernel-reader.js';
import { readHundredths } from './scan.js';

const BYTES_MAX = 128;
const AVERAGES = [
  SYSTEM_CPU_LOAD_AVERAGE_1M,
  SYSTEM_CPU_LOAD_AVERAGE_5M,
  SYSTEM_CPU_LOAD_AVERAGE_15M,
] as const;

export function createLoadAverage({ sink, root, scratch }: KernelContext): KernelReader {
  const file = new KernelFile(`${root}/proc/loadavg`, scratch, BYTES_MAX);
  return {
    sample() {
      const text = file.read();
      if (text === undefined) return;
      for (const metric of AVERAGES) sink.set(metric, readHundredths(text) * (metric.scale / 100));
    },
    close: () => file.close(),
  };
}
