/**
 * memcached: each command that is sent to one server, until its callback, which is called as the unit that
 * sent it: the socket that answers may be another's. Several keys are read by one command a server. Hot path.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { type Callback, endingWith } from '../timed-call.js';
import { MemcacheCalls } from './memcache-calls.js';

interface Query {
  /** The command, which the library names. */
  readonly type?: unknown;
  /** Of several keys only. */
  readonly multi?: boolean;
  /** The command's words: its name, then keys. */
  readonly command?: string;
  callback?: Callback;
}

/** For memcached/lib/memcached.js. */
export function patchMemcached({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  host.context.follow();
  const calls = new MemcacheCalls(host);
  const watch = (query: Query | undefined): void => {
    if (typeof query?.callback !== 'function') return;
    const name = String(query.type);
    const call = calls.begin(name);
    if (call === undefined) return;
    query.callback = endingWith(query.callback, calls, (error, found) => {
      const asked = query.multi === true ? keysIn(query) : 1;
      calls.end(name, call, error, hitsIn(query, found), asked);
      return (run) => host.work.resume(call.unit, run);
    });
  };
  replaceMethod(
    prototype,
    'command',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const [compile] = args;
        if (typeof compile === 'function') {
          args[0] = function (this: object, ...given: unknown[]): unknown {
            const query = compile.apply(this, given) as Query | undefined;
            // Made again for servers of which nobody awaits an answer.
            if (given.length === 0) watch(query);
            return query;
          };
        }
        return original.apply(this, args);
      },
  );
}

function keysIn({ command = '' }: Query): number {
  return command.split(' ').length - 1;
}

/** Of several keys each one found is an object of its own, of one key the value, which may be `false`. */
function hitsIn({ multi }: Query, found: unknown): number {
  if (multi !== true) return found === undefined ? 0 : 1;
  return (Array.isArray(found) ? found : [found]).filter((one) => Boolean(one)).length;
}
