/**
 * tedious, in which mssql ends, too: every request of a connection that makes the server execute something. A
 * request has one callback, which is called once for each time that it is made. Hot path.
 */
import { DB_CLIENT_CONNECTION_CREATE_TIME } from '../../shared/database-metrics.js';
import { nowMs } from '../clock.js';
import { guardedCall } from '../guarded.js';
import { LabelSeries } from '../label-series.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { errorTypeOf } from '../timed-call.js';
import { endingThrow, resumeMethod } from './query-ends.js';
import { type QueryCall, QueryWatch } from './query-watch.js';

interface Request {
  readonly sqlTextOrProcedure?: unknown;
  readonly parameters?: readonly { readonly value?: unknown }[];
  callback: Method;
}

interface Payload {
  /** Of a procedure that is called: its name, or the number of one of the server's own. */
  readonly procedure?: unknown;
}

interface Connection {
  readonly config?: { readonly server?: string };
  once?(event: string, listener: (error?: unknown) => void): unknown;
}

const SYSTEM = 'microsoft.sql_server';
/** Types of messages. */
const TRANSACTION_MANAGER = 0x0e;
/** Of procedures: they execute nothing. */
const [SP_PREPARE, SP_UNPREPARE] = [11, 15];
/** As the payload of a message to the transaction manager begins. */
const STEP = /^(Begin|Commit|Rollback|Save) Transaction/;

/** For tedious/lib/connection.js. */
export function patchTedious({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  host.context.follow();
  const watch = new QueryWatch(host, SYSTEM);
  replaceMethod(
    prototype,
    'makeRequest',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const [request, type, payload] = args as [Request, number, Payload];
        const values = request.parameters?.map(({ value }) => value);
        const call = watch.begin(textOf(request, type, payload), this, values);
        if (call === undefined) return original.apply(this, args);
        watchRequest(request, call, watch, host);
        return endingThrow(() => original.apply(this, args), call, watch);
      },
  );
  const opened = new LabelSeries(host.recorder, DB_CLIENT_CONNECTION_CREATE_TIME);
  const watchConnect = guardedCall('tedious connect', host.warn, (connection: Connection) => {
    const [unit, startMs] = [host.work.current(), nowMs()];
    const end = guardedCall('end of tedious connect', host.warn, (error: unknown) => {
      const series = opened.id(SYSTEM, connection.config?.server ?? '', errorTypeOf(error));
      host.work.end(unit, series, startMs);
    });
    connection.once?.('connect', end);
  });
  replaceMethod(
    prototype,
    'connect',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const result = original.apply(this, args);
        watchConnect(this as Connection);
        return result;
      },
  );
}

/** Undefined for what is no query: statements that are only prepared, and the rows of a bulk load. */
function textOf(request: Request, type: number, payload: Payload | undefined): string | undefined {
  if (type === TRANSACTION_MANAGER) {
    const step = STEP.exec(String(payload))?.[1]?.toUpperCase();
    return step === 'SAVE' ? 'SAVEPOINT ?' : `${step} TRANSACTION`;
  }
  const { sqlTextOrProcedure: text } = request;
  const procedure = payload?.procedure;
  if (typeof text !== 'string' || procedure === SP_PREPARE || procedure === SP_UNPREPARE) {
    return undefined;
  }
  return typeof procedure === 'string' ? `EXEC ${text}` : text;
}

/** What it emits, and whom it calls back, runs as the unit that made it. A prepared one is made again and again. */
function watchRequest(
  request: Request,
  call: QueryCall,
  watch: QueryWatch,
  { work }: ProbeHost,
): void {
  const { callback } = request;
  resumeMethod(request, 'emit', call, work);
  request.callback = function (this: object, ...args: unknown[]): unknown {
    const [error, rows] = args;
    request.callback = callback;
    Reflect.deleteProperty(request, 'emit');
    watch.end(call, error ?? undefined, typeof rows === 'number' ? rows : NO_DETAIL);
    return work.resume(call.unit, () => callback.apply(this, args));
  };
}
