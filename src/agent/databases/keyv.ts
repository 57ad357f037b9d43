/**
 * keyv, and cache-manager, whose stores are keyv's: reads that found something, and that did not. Where the
 * store is itself a library whose reads are counted, they are counted there and not again. Nothing is
 * asked of the context that is not there already. Hot path.
 */
import { guardedCall } from '../guarded.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { endOf } from '../timed-call.js';
import type { Unit } from '../unit.js';
import { CacheCount } from './cache-count.js';

interface Keyv {
  readonly opts?: { readonly store?: object };
}

interface Store {
  readonly [Symbol.toStringTag]?: unknown;
}

/** Adapters to Redis and memcached by their classes, and lru-cache by its tag, for its build has short names. */
const COUNTED_THEMSELVES: ReadonlySet<string> = new Set(
  'KeyvRedis KeyvValkey KeyvMemcache LRUCache'.split(' '),
);

type Class = { readonly prototype?: object };

/** For dist/index.js and dist/index.cjs of keyv, and for src/index.js, which before version 5 was the class itself. */
export function patchKeyv(exports: object, host: ProbeHost): void {
  const Keyv =
    typeof exports === 'function' ? (exports as Class) : (exports as { Keyv?: Class }).Keyv;
  const hasMany = 'getMany' in (Keyv?.prototype ?? {});
  const reads = new CacheCount(host.recorder, 'keyv');
  const count = guardedCall('keyv read', host.warn, (unit: Unit | undefined, found: unknown) => {
    const values = Array.isArray(found) ? found : [found];
    const hits = values.filter((value) => value !== undefined).length;
    reads.add(unit, hits, values.length - hits);
  });
  /** `isMany`: what comes back is a list, one for each key; else a list is a value. */
  const counted =
    (isMany: boolean) =>
    (original: Method): Method =>
      function (this: object, ...args: unknown[]): unknown {
        const isOfMany = isMany || Array.isArray(args[0]);
        // Several keys are read by another method, which is counted; before version 5 there was none.
        if ((isOfMany && !isMany && hasMany) || isCountedItself(this)) {
          return original.apply(this, args);
        }
        const unit = host.context.followed();
        return endOf(
          () => original.apply(this, args),
          (error, found) => {
            if (error === undefined) count(unit, isOfMany ? found : [found]);
          },
        );
      };
  replaceMethod(Keyv?.prototype, 'get', counted(false));
  replaceMethod(Keyv?.prototype, 'getRaw', counted(false));
  replaceMethod(Keyv?.prototype, 'getMany', counted(true));
  replaceMethod(Keyv?.prototype, 'getManyRaw', counted(true));
}

function isCountedItself({ opts }: Keyv): boolean {
  const store = opts?.store as Store | undefined;
  const names = [store?.[Symbol.toStringTag], store?.constructor?.name];
  return names.some((name) => typeof name === 'string' && COUNTED_THEMSELVES.has(name));
}
