/** memjs: each command that is sent to one server, until its answer. Hot path. */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { type Callback, endingWith, isEnding } from '../timed-call.js';
import { MemcacheCalls } from './memcache-calls.js';

interface Response {
  readonly header?: { readonly status?: number };
}

/** Codes of the binary protocol, at byte 1 of a request. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'get',
  1: 'set',
  2: 'add',
  3: 'replace',
  4: 'delete',
  5: 'incr',
  6: 'decr',
  14: 'append',
  15: 'prepend',
  28: 'touch',
};
/** Statuses of a response: not an error, but an answer. */
const FOUND = 0;
const NOT_FOUND = 1;
const EXISTS = 2;

/** For memjs/lib/memjs/memjs.js. */
export function patchMemjs({ exports }: LoadedModule, host: ProbeHost): void {
  const { Client } = (exports ?? {}) as { Client?: { prototype?: object } };
  host.context.follow();
  const calls = new MemcacheCalls(host);
  replaceMethod(
    Client?.prototype,
    'perform',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const [, request, , callback] = args;
        // A command that goes on with another server is the same.
        if (typeof callback !== 'function' || isEnding(callback, calls))
          return original.apply(this, args);
        const name = NAMES[(request as Buffer | undefined)?.[1] ?? -1] ?? '';
        const call = calls.begin(name);
        if (call === undefined) return original.apply(this, args);
        args[3] = endingWith(callback as Callback, calls, (error, response) => {
          const status = (response as Response | undefined)?.header?.status;
          calls.end(name, call, error ?? refusal(status), status === FOUND ? 1 : 0, 1);
          return (run) => host.work.resume(call.unit, run);
        });
        return original.apply(this, args);
      },
  );
}

/** The `error.type` of a command that the server refuses; the library makes an error of it later. */
function refusal(status: number | undefined): { readonly code: number } | undefined {
  if (status === undefined || status === FOUND) return undefined;
  return status === NOT_FOUND || status === EXISTS ? undefined : { code: status };
}
