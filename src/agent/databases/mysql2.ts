/**
 * mysql2: `query` and `execute` of a connection, and of a statement that was prepared. Its channels
 * would tell the same, but they call back in whatever execution the socket belongs to, with the values
 * written into the statement. Hot path.
 */
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { type Command, handshakeTimer, sqlOfFirst, timingCommand } from './mysql-commands.js';
import { QueryWatch } from './query-watch.js';

/** For mysql2/lib/base/connection.js, and lib/connection.js, which had the methods itself before 3.11.5. */
export function patchMysql2({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  host.context.follow();
  const watch = new QueryWatch(host, 'mysql');
  const ofConnection = timingCommand(watch, host, {
    callback: 'onResult',
    sqlOf: sqlOfFirst,
    connectionOf: (self) => self,
  });
  replaceMethod(prototype, 'query', ofConnection);
  replaceMethod(prototype, 'execute', ofConnection);

  const ofStatement = timingCommand(watch, host, {
    callback: 'onResult',
    sqlOf: (self) => (self as { query?: unknown }).query,
    connectionOf: (self) => (self as { _connection?: object })._connection ?? self,
  });
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

/** For mysql2/lib/commands/client_handshake.js. */
export function patchMysql2Handshake({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const time = guardedCall('mysql2 handshake', host.warn, handshakeTimer(host));
  replaceMethod(
    prototype,
    'start',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const connection = args[1] as (Command & { config?: { host?: string } }) | undefined;
        time(this as Command, connection?.config?.host ?? '', connection);
        return original.apply(this, args);
      },
  );
}
