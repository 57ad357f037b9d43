/**
 * lru-cache: reads that found something, and that did not. Its cost is that of a message a call, so
 * nothing is asked of the context that is not there already. Hot path.
 */
import type { ProbeHost } from '../probe.js';
import { CacheCount } from './cache-count.js';

/** Of the channel `lru-cache:metrics`. */
interface Metrics {
  readonly op?: string;
  readonly get?: string;
}

export function lruCacheSubscriber(host: ProbeHost): (message: Metrics) => void {
  const reads = new CacheCount(host.recorder, 'lru-cache');
  return ({ op, get }) => {
    if (op !== 'get' || get === undefined) return;
    const isHit = get === 'hit';
    reads.add(host.context.followed(), isHit ? 1 : 0, isHit ? 0 : 1);
  };
}
