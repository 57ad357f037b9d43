/**
 * lru-cache: reads that found something, and that did not; nothing is asked of the context that is not
 * there already. Since 11.4 it publishes them. Before, the `get` of what is required is watched; a read
 * that is published all the same, by whichever build, is counted once. Hot path.
 */

import { perHost } from '../layers/per-host.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { CacheCount } from './cache-count.js';

/** Of the channel `lru-cache:metrics`. */
interface Metrics {
  readonly op?: string;
  readonly get?: string;
}

type Class = { readonly prototype?: object } | undefined;

/** How many reads have been published. */
const publishedOf = perHost(() => ({ count: 0 }));

export function lruCacheSubscriber(host: ProbeHost): (message: Metrics) => void {
  const reads = new CacheCount(host.recorder, 'lru-cache');
  const published = publishedOf(host);
  return ({ op, get }) => {
    if (op !== 'get' || get === undefined) return;
    published.count += 1;
    const isHit = get === 'hit';
    reads.add(host.context.followed(), isHit ? 1 : 0, isHit ? 0 : 1);
  };
}

/** For the CommonJS file of lru-cache, which before version 8 was the class itself. */
export function patchLruCache({ exports }: LoadedModule, host: ProbeHost): void {
  const { LRUCache, default: Default } = exports as Readonly<Record<string, Class>>;
  const { prototype } = LRUCache ?? Default ?? (exports as { readonly prototype?: object });
  const reads = new CacheCount(host.recorder, 'lru-cache');
  const published = publishedOf(host);
  /** The innermost `set` that runs: what it disposes of may read, and set, on its own. */
  let setting: object | undefined;
  let settingKey: unknown;
  replaceMethod(
    prototype,
    'get',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const before = published.count;
        const found = original.apply(this, args);
        const isOwn = setting === this && Object.is(settingKey, args[0]);
        if (isOwn || published.count !== before) return found;
        const isHit = found !== undefined;
        reads.add(host.context.followed(), isHit ? 1 : 0, isHit ? 0 : 1);
        return found;
      },
  );
  // Before version 7 what is set again is read by the same method.
  if (prototype === undefined || 'fetch' in prototype) return;
  replaceMethod(
    prototype,
    'set',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const [outer, outerKey] = [setting, settingKey];
        setting = this;
        settingKey = args[0];
        try {
          return original.apply(this, args);
        } finally {
          setting = outer;
          settingKey = outerKey;
        }
      },
  );
}
