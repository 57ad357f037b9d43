/** Reads by `get` of versions that publish nothing, with what they do themselves while they set. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { npmFolder } from '../../../bench/npm-folder.js';
import { patchLruCache } from '../../../src/agent/databases/lru-cache.js';
import type { LoadedModule } from '../../../src/agent/module-hooks.js';
import { Unit } from '../../../src/agent/unit.js';
import { makeHost } from './make-host.js';

/** The packages are downloaded where they are not there. */
const INSTALL_MS_MAX = 300_000;

interface Cache {
  get(key: string): unknown;
  set(key: string, value: number): unknown;
}
type CacheClass = new (options: { max: number; dispose?: () => void }) => Cache;

it.each(['5.1.1', '6.0.0'])(
  '%s: what is read where something is disposed of is counted, and not what `set` reads',
  { timeout: INSTALL_MS_MAX },
  (version) => {
    const packages = npmFolder(`older/lru-cache-${version}`, { 'lru-cache': version }, () => {});
    const exports = createRequire(packages)('lru-cache') as CacheClass;
    const host = makeHost();
    patchLruCache({ exports } as unknown as LoadedModule, host);
    const sizes = new exports({ max: 5 });
    sizes.set('a', 1);
    const cache = new exports({
      max: 5,
      dispose: () => {
        sizes.get('a');
        sizes.set('a', 2);
        cache.get('missing');
      },
    });
    const unit = new Unit(0);
    host.context.run(unit, () => {
      cache.set('a', 1);
      cache.set('a', 2);
    });
    expect([unit.cacheHits, unit.cacheMisses]).toEqual([1, 1]);
    host.context.run(unit, () => cache.get('a'));
    expect([unit.cacheHits, unit.cacheMisses]).toEqual([2, 1]);
  },
);
