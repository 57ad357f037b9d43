/** Commands of memcached, whichever client sends them, and of reads whether they found something. Hot path. */
import { guardedCall } from '../guarded.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf } from '../timed-call.js';
import type { Unit } from '../unit.js';
import { CacheCount } from './cache-count.js';
import { StoreCalls } from './store-calls.js';

const NAMES: ReadonlySet<string> = new Set([
  ...'get gets set add replace append prepend cas delete incr decr touch flush_all version stats'.split(
    ' ',
  ),
  ...['stats settings', 'stats slabs', 'stats items', 'stats cachedump'],
]);
const READS: ReadonlySet<string> = new Set(['get', 'gets']);

export class MemcacheCalls {
  /** Of a read `asked` is how many keys it names, `hits` how many of them were there. */
  readonly end: (
    name: string,
    unit: Unit | undefined,
    startMs: number,
    error: unknown,
    hits: number,
    asked: number,
  ) => void;

  constructor(host: ProbeHost) {
    const calls = new StoreCalls(host, 'memcached');
    const reads = new CacheCount(host.recorder, 'memcached');
    this.end = guardedCall(
      'memcached reply',
      host.warn,
      (
        name: string,
        unit: Unit | undefined,
        startMs: number,
        error: unknown,
        hits: number,
        asked: number,
      ) => {
        const errorType = errorTypeOf(error);
        calls.end(NAMES.has(name) ? name : '', unit, startMs, errorType);
        if (errorType === undefined && READS.has(name)) reads.add(unit, hits, asked - hits);
      },
    );
  }
}
