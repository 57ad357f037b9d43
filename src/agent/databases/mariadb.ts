/**
 * mariadb (the connector): every command of a connection, whichever interface made it. Those by which the
 * connector sets a new connection up are no queries of the application. Hot path.
 */
import { DB_CLIENT_CONNECTION_CREATE_TIME } from '../../shared/database-metrics.js';
import { guardedCall } from '../guarded.js';
import { LabelSeries } from '../label-series.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { errorTypeOf, timeMethod } from '../timed-call.js';
import { resumeMethod } from './query-ends.js';
import { type QueryCall, QueryWatch } from './query-watch.js';

interface Connection {
  readonly status?: number;
  readonly opts?: { readonly host?: string };
}

interface Command {
  [CALL]?: QueryCall | undefined;
  readonly sql?: unknown;
  /** As the application gave them. */
  readonly initialValues?: unknown;
  readonly opts?: { readonly metaAsArray?: boolean };
  /** Of one by which a statement is prepared; in version 3.0 of all, and only that one has a `conn`. */
  readonly readPrepareResultPacket?: unknown;
  /** What is prepared in the same go. */
  readonly executeCommand?: Command;
  readonly cmdParam?: { readonly callback?: unknown };
  resolve?: Method | null;
  reject?: Method | null;
}

/** On a command that was seen. */
const CALL = Symbol('tachograph.command');
/** Of a connection that is being set up. */
const INIT_CMD = 4;
/** One of them is the connection's `addCommand`, by what it can do just now; the first is while it waits. */
const WAITS = 'addCommandQueue';
const ADDS = ['addCommandEnable', 'addCommandEnablePipeline', 'addCommandDisabled'] as const;

/** `prototype` is that of the connector's own connections. */
export function watchMariadb(prototype: object | undefined, host: ProbeHost): void {
  host.context.follow();
  const watch = new QueryWatch(host, 'mysql');
  const opened = new LabelSeries(host.recorder, DB_CLIENT_CONNECTION_CREATE_TIME);
  const begin = guardedCall('mariadb command', host.warn, (self: object, command: Command) =>
    watchCommand(self, command, watch, host),
  );
  const timed =
    (isWaiting: boolean) =>
    (original: Method): Method =>
      function (this: object, ...args: unknown[]): unknown {
        const isOurs = isWaiting || (this as Connection).status !== INIT_CMD;
        if (isOurs) begin(this, args[0] as Command);
        return original.apply(this, args);
      };
  replaceMethod(prototype, WAITS, timed(true));
  for (const name of ADDS) replaceMethod(prototype, name, timed(false));
  timeMethod(prototype, 'connect', host, {
    name: 'mariadb connect',
    onEnd: ({ self, unit, startMs, error }) => {
      const { opts } = self as Connection;
      host.work.end(unit, opened.id('mysql', opts?.host ?? '', errorTypeOf(error)), startMs);
    },
  });
}

/** A command waits until its connection is open, and is then added again. */
function watchCommand(
  connection: object,
  command: Command,
  watch: QueryWatch,
  { work }: ProbeHost,
): void {
  if (CALL in command) return;
  const unit = work.current();
  const isPreparing =
    command.readPrepareResultPacket !== undefined && Object.hasOwn(command, 'conn');
  const call = isPreparing
    ? undefined
    : watch.begin(command.sql, connection, command.initialValues);
  Object.defineProperty(command, CALL, { value: call });
  const { resolve, reject, executeCommand } = command;
  if (typeof resolve !== 'function' || typeof reject !== 'function') return;
  // They take what comes in one argument, not as one that takes errors first.
  command.resolve = function (this: object, ...args): unknown {
    if (call !== undefined) watch.end(call, undefined, rowsOf(args[0], command));
    return work.resume(unit, () => resolve.apply(this, args));
  };
  command.reject = function (this: object, ...args): unknown {
    const failed = call ?? executeCommand?.[CALL];
    if (failed !== undefined) watch.end(failed, args[0] ?? new Error('rejected'));
    return work.resume(unit, () => reject.apply(this, args));
  };
  // Rows that come one by one.
  if (call === undefined || typeof command.cmdParam?.callback === 'function') return;
  if ('inStream' in command || Object.hasOwn(command, 'handleNewRows')) {
    resumeMethod(command, 'handleNewRows', call, work);
    resumeMethod(command, 'emit', call, work);
  }
}

function rowsOf(result: unknown, { opts }: Command): number {
  const rows = opts?.metaAsArray === true && Array.isArray(result) ? result[0] : result;
  if (Array.isArray(rows)) return rows.length;
  return (rows as { affectedRows?: number } | undefined)?.affectedRows ?? NO_DETAIL;
}
