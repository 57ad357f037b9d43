/**
 * How host memory is divided into states, the same for both sources: used, free, cached and buffers
 * add up to the total, and cached includes the reclaimable part of the slab, as `free` prints it.
 */
import {
  SYSTEM_MEMORY_LIMIT,
  SYSTEM_MEMORY_USAGE,
  SYSTEM_MEMORY_UTILIZATION,
  SYSTEM_PAGING_USAGE,
} from '../../shared/metrics.js';
import type { Attributes } from '../../transport/batch.js';
import type { Sink } from '../sink.js';

/** All in bytes. `available` is NaN on kernels before 3.14. */
export interface HostMemory {
  readonly total: number;
  readonly free: number;
  readonly available: number;
  readonly buffers: number;
  readonly cached: number;
  readonly reclaimable: number;
  readonly swapTotal: number;
  readonly swapFree: number;
}

const USED: Attributes = [['system.memory.state', 'used']];
const FREE: Attributes = [['system.memory.state', 'free']];
const CACHED: Attributes = [['system.memory.state', 'cached']];
const BUFFERS: Attributes = [['system.memory.state', 'buffers']];
const SWAP_USED: Attributes = [['system.paging.state', 'used']];
const SWAP_FREE: Attributes = [['system.paging.state', 'free']];

/** A host without swap has no paging metrics. */
export function reportHostMemory(sink: Sink, memory: HostMemory): void {
  const { total, free, available, buffers, swapTotal, swapFree } = memory;
  if (!(total > 0)) return;
  const cached = memory.cached + memory.reclaimable;
  sink.set(SYSTEM_MEMORY_LIMIT, total);
  sink.set(SYSTEM_MEMORY_USAGE, Math.max(0, total - free - cached - buffers), USED);
  sink.set(SYSTEM_MEMORY_USAGE, free, FREE);
  sink.set(SYSTEM_MEMORY_USAGE, cached, CACHED);
  sink.set(SYSTEM_MEMORY_USAGE, buffers, BUFFERS);
  if (available >= 0) {
    const unavailable = Math.max(0, total - available) / total;
    sink.set(SYSTEM_MEMORY_UTILIZATION, unavailable * SYSTEM_MEMORY_UTILIZATION.scale);
  }
  if (swapTotal > 0) {
    sink.set(SYSTEM_PAGING_USAGE, swapTotal - swapFree, SWAP_USED);
    sink.set(SYSTEM_PAGING_USAGE, swapFree, SWAP_FREE);
  }
}
