/** mysql: `query` of a connection, in each of its forms, and how long it takes to open one. Hot path. */
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { type Command, handshakeTimer, sqlOfFirst, timingCommand } from './mysql-commands.js';
import { QueryWatch } from './query-watch.js';

/** For mysql/lib/Connection.js. BEGIN, COMMIT and ROLLBACK are made by `query`, too. */
export function patchMysql({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  host.context.follow();
  const ofConnection = timingCommand(new QueryWatch(host, 'mysql'), host, {
    callback: '_callback',
    sqlOf: sqlOfFirst,
    connectionOf: (self) => self,
  });
  replaceMethod(prototype, 'query', ofConnection);
}

/** For mysql/lib/protocol/Protocol.js. */
export function patchMysqlProtocol({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const time = guardedCall('mysql handshake', host.warn, handshakeTimer(host));
  replaceMethod(
    prototype,
    'handshake',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const handshake = original.apply(this, args);
        const { _config: config } = this as { _config?: { host?: string } };
        time(handshake as Command, config?.host ?? '');
        return handshake;
      },
  );
}
