/** Rule: much time goes to garbage collection. */
import { inADay, items, percent, time } from '../words.js';
import type { Rule } from './rule.js';

/** Of the time of a process. */
export const GC_SHARE_MAX = 0.05;

export const garbageCollection: Rule = ({ runtime, recordedMs }) => {
  if (runtime.gcShare <= GC_SHARE_MAX) return [];
  const total = runtime.gc.reduce((sum, row) => sum + row.total, 0);
  return [
    {
      type: 'gc_share',
      subject: '',
      title: 'Much time goes to garbage collection',
      finding: `A process spends ${percent(runtime.gcShare)} of its time collecting garbage.`,
      evidence: runtime.gc.map(
        (row) =>
          `${row.names['v8js.gc.type'] ?? 'other'}: ${items(row.calls, 'collection')}, ${time(row.total)} in all, p99 ${time(row.p99)}.`,
      ),
      costPerDay: inADay(total, recordedMs),
      fix: {
        text: 'Many minor collections: give young objects more room. Long major ones: read in pages or streams instead of whole, and keep less in memory.',
        code: 'node --max-semi-space-size=64 --import tachograph app.js   # MiB, default 16',
        language: null,
      },
      confidence: 'medium',
      verification: `The share of garbage collection is under ${percent(GC_SHARE_MAX)}.`,
      measure: { kind: 'service' },
    },
  ];
};
