/** The V8 heap of this thread: one call of 1–2 µs a sample. RSS is the worker's to read. */
import {
  NODEJS_MEMORY_EXTERNAL,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_TOTAL,
  V8JS_MEMORY_HEAP_USED,
} from '../../shared/metrics.js';
import { v8 } from '../late-builtins.js';
import type { Probe } from '../probe.js';

export const memoryProbe: Probe = {
  name: 'memory',
  start({ recorder, ticker }) {
    const used = recorder.series(V8JS_MEMORY_HEAP_USED);
    const total = recorder.series(V8JS_MEMORY_HEAP_TOTAL);
    const limit = recorder.series(V8JS_MEMORY_HEAP_LIMIT);
    const external = recorder.series(NODEJS_MEMORY_EXTERNAL);
    ticker.onSample(() => {
      const heap = v8().getHeapStatistics();
      recorder.record(used, heap.used_heap_size);
      recorder.record(total, heap.total_heap_size);
      recorder.record(limit, heap.heap_size_limit);
      recorder.record(external, heap.external_memory);
    });
  },
};
