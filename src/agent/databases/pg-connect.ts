/** pg: how long it takes to open a connection, by server. */
import { DB_CLIENT_CONNECTION_CREATE_TIME } from '../../shared/database-metrics.js';
import { LabelSeries } from '../label-series.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf, timeMethod } from '../timed-call.js';

interface Client {
  readonly host?: string;
}

/** For pg/lib/client.js. */
export function patchPgConnect({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  const opened = new LabelSeries(host.recorder, DB_CLIENT_CONNECTION_CREATE_TIME);
  timeMethod(prototype, 'connect', host, {
    name: 'pg connect',
    takesCallback: true,
    onEnd: ({ self, unit, startMs, error }) => {
      const { host: address = '' } = self as Client;
      const series = opened.id('postgresql', address, errorTypeOf(error));
      host.work.end(unit, series, startMs);
    },
  });
}
