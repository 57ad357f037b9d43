/**
 * mysql2: `query` and `execute` of a connection, and of a statement that was prepared. Its channels
 * would tell the same, but they call back in whatever execution the socket belongs to, with the values
 * written into the statement. Hot path.
 */
import { errorMonitor } from 'node:events';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { endingCallback, endingThrow, type RowsOf } from './query-ends.js';
import { type QueryCall, QueryWatch } from './query-watch.js';

interface Command {
  readonly sql?: unknown;
  onResult?: unknown;
  once?(event: string | symbol, listener: (error?: unknown) => void): unknown;
}

/** For mysql2/lib/base/connection.js. */
export function patchMysql2({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  host.context.follow();
  const watch = new QueryWatch(host, 'mysql');
  const timed =
    (sqlOf: (self: object, first: unknown) => unknown, connectionOf: (self: object) => object) =>
    (original: Method): Method =>
      function (this: object, ...args: unknown[]): unknown {
        const call = watch.begin(sqlOf(this, args[0]), connectionOf(this));
        if (call === undefined) return original.apply(this, args);
        const isCalledBack = wrapCallback(args, call, watch, host);
        const command = endingThrow(() => original.apply(this, args), call, watch);
        if (!isCalledBack) watchEvents(command as Command | undefined, call, watch);
        return command;
      };
  const ofConnection = timed(
    (_, first) => (typeof first === 'string' ? first : (first as Command | undefined)?.sql),
    (self) => self,
  );
  replaceMethod(prototype, 'query', ofConnection);
  replaceMethod(prototype, 'execute', ofConnection);

  const ofStatement = timed(
    (self) => (self as { query?: unknown }).query,
    (self) => (self as { _connection?: object })._connection ?? self,
  );
  const watched = new WeakSet<object>();
  replaceMethod(
    prototype,
    'prepare',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const callback = args.at(-1);
        if (typeof callback !== 'function') return original.apply(this, args);
        args[args.length - 1] = function (this: object, ...results: unknown[]): unknown {
          const statement = results[1] as object | undefined;
          const methods = statement && (Object.getPrototypeOf(statement) as object);
          if (methods !== undefined && !watched.has(methods)) {
            watched.add(methods);
            replaceMethod(methods, 'execute', ofStatement);
          }
          return callback.apply(this, results);
        };
        return original.apply(this, args);
      },
  );
}

/** The pool hands over a command that has its callback already. */
function wrapCallback(
  args: unknown[],
  call: QueryCall,
  watch: QueryWatch,
  { work }: ProbeHost,
): boolean {
  const at = args.findLastIndex((arg) => typeof arg === 'function');
  if (at >= 0) {
    args[at] = endingCallback(args[at] as Method, call, watch, work, rowsOf);
    return true;
  }
  const command = args[0] as Command | string | undefined;
  if (typeof command !== 'object' || typeof command.onResult !== 'function') return false;
  command.onResult = endingCallback(command.onResult as Method, call, watch, work, rowsOf);
  return true;
}

/** Rows that come as events end with `end`, after an error too. An error stays unheard if nobody listens. */
function watchEvents(command: Command | undefined, call: QueryCall, watch: QueryWatch): void {
  command?.once?.(errorMonitor, (error) => watch.end(call, error));
  command?.once?.('end', () => watch.end(call, undefined));
}

const rowsOf: RowsOf = (result) => {
  if (Array.isArray(result)) return result.length;
  return (result as { affectedRows?: number } | undefined)?.affectedRows ?? NO_DETAIL;
};
