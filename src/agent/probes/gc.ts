/**
 * Garbage collections, by the runtime's performance entries. What observes them takes 2 ms to load, so
 * it begins after the application's start; what is collected before is not recorded.
 */
import { V8JS_GC_DURATION } from '../../shared/metrics.js';
import { guarded, guardedCall } from '../guarded.js';
import { perfHooks } from '../late-builtins.js';
import type { Probe } from '../probe.js';

export const gcProbe: Probe = {
  name: 'gc',
  start({ recorder, warn, afterStart }) {
    let names: ReadonlyMap<number, string> | undefined;
    const observe = guarded('gc', warn, (list: { getEntries(): PerformanceEntryLike[] }) => {
      names ??= namesOfKinds();
      for (const { detail, duration } of list.getEntries()) {
        const kind = names.get(detail?.kind ?? -1) ?? 'other';
        const series = recorder.series(V8JS_GC_DURATION, [kind]);
        const durationUs = Math.round(duration * 1000);
        recorder.record(series, durationUs);
        recorder.addGc(durationUs);
      }
    });
    const begin = guardedCall('gc', warn, () => {
      const { PerformanceObserver } = perfHooks();
      new PerformanceObserver((list) => observe(list as never)).observe({ entryTypes: ['gc'] });
    });
    afterStart(begin);
  },
};

/** Names of semantic conventions. */
function namesOfKinds(): ReadonlyMap<number, string> {
  const { constants } = perfHooks();
  return new Map([
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
  ]);
}

interface PerformanceEntryLike {
  readonly duration: number;
  readonly detail?: { readonly kind?: number };
}
