/**
 * node-cache: reads that found something, and that did not, as the cache itself counts them. Nothing is
 * asked of the context that is not there already. Hot path.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { CacheCount } from './cache-count.js';

interface Cache {
  readonly stats?: { readonly hits: number; readonly misses: number };
}

/** For node-cache/lib/node_cache.js. `take` calls `get`. */
export function patchNodeCache({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const reads = new CacheCount(host.recorder, 'node-cache');
  // A listener for what a read has found expired may read, too: the outermost counts both.
  const reading = new Set<object>();
  const counted = (original: Method): Method =>
    function (this: object, ...args: unknown[]): unknown {
      const { stats } = this as Cache;
      if (stats === undefined || reading.has(this)) return original.apply(this, args);
      const { hits, misses } = stats;
      reading.add(this);
      try {
        return original.apply(this, args);
      } finally {
        reading.delete(this);
        reads.add(host.context.followed(), stats.hits - hits, stats.misses - misses);
      }
    };
  replaceMethod(prototype, 'get', counted);
  replaceMethod(prototype, 'mget', counted);
}
