/** Garbage collections, by the runtime's performance entries. */
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { V8JS_GC_DURATION } from '../../shared/metrics.js';
import { guarded } from '../guarded.js';
import type { Probe } from '../probe.js';

/** Names of semantic conventions. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

export const gcProbe: Probe = {
  name: 'gc',
  start({ recorder, warn }) {
    const observe = guarded('gc', warn, (list: { getEntries(): PerformanceEntryLike[] }) => {
      for (const { detail, duration } of list.getEntries()) {
        const kind = KINDS.get(detail?.kind ?? -1) ?? 'other';
        const series = recorder.series(V8JS_GC_DURATION, [kind]);
        recorder.record(series, Math.round(duration * 1000));
      }
    });
    new PerformanceObserver((list) => observe(list as never)).observe({ entryTypes: ['gc'] });
  },
};

interface PerformanceEntryLike {
  readonly duration: number;
  readonly detail?: { readonly kind?: number };
}
