/**
 * What mysql and mysql2 have in common: a query is a command with events, or with a callback that may be on
 * it already when a pool hands it over. Hot path.
 */
import { errorMonitor } from 'node:events';
import { DB_CLIENT_CONNECTION_CREATE_TIME } from '../../shared/database-metrics.js';
import { nowMs } from '../clock.js';
import { guarded } from '../guarded.js';
import { LabelSeries } from '../label-series.js';
import type { ProbeHost } from '../probe.js';
import type { Method } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { errorTypeOf } from '../timed-call.js';
import { endingCallback, endingThrow, type RowsOf, resumeMethod } from './query-ends.js';
import type { QueryCall, QueryWatch } from './query-watch.js';

export interface Command {
  readonly sql?: unknown;
  readonly values?: unknown;
  once?(event: string | symbol, listener: (error?: unknown) => void): unknown;
}

export interface CommandForm {
  /** Where a command has its callback. */
  readonly callback: 'onResult' | '_callback';
  readonly sqlOf: (self: object, first: unknown) => unknown;
  readonly connectionOf: (self: object) => object;
}

/** The text of a query of a connection. */
export function sqlOfFirst(_: object, first: unknown): unknown {
  return typeof first === 'string' ? first : (first as Command | undefined)?.sql;
}

/** In the command, or beside it; of a statement that was prepared they come first. */
function valuesOf([first, second]: readonly unknown[]): unknown {
  if (typeof second !== 'function' && second !== undefined) return second;
  if (typeof first !== 'object' || first === null || Array.isArray(first)) {
    return typeof first === 'string' ? undefined : first;
  }
  return (first as Command).values;
}

/** Wraps a method that makes a command of its arguments, or is given one, and returns it. */
export function timingCommand(
  watch: QueryWatch,
  host: ProbeHost,
  { callback, sqlOf, connectionOf }: CommandForm,
): (original: Method) => Method {
  return (original) =>
    function (this: object, ...args: unknown[]): unknown {
      const call = watch.begin(sqlOf(this, args[0]), connectionOf(this), valuesOf(args));
      if (call === undefined) return original.apply(this, args);
      const isCalledBack = wrapCallback(args, callback, call, watch, host);
      const command = endingThrow(() => original.apply(this, args), call, watch);
      if (!isCalledBack) watchEvents(command as Command | undefined, call, watch, host);
      return command;
    };
}

function wrapCallback(
  args: unknown[],
  property: CommandForm['callback'],
  call: QueryCall,
  watch: QueryWatch,
  { work }: ProbeHost,
): boolean {
  const at = args.findLastIndex((arg) => typeof arg === 'function');
  if (at >= 0) {
    args[at] = endingCallback(args[at] as Method, call, watch, work, rowsOf);
    return true;
  }
  const command = args[0] as Record<string, unknown> | string | undefined;
  if (typeof command !== 'object' || command === null) return false;
  const own = command[property];
  if (typeof own !== 'function') return false;
  command[property] = endingCallback(own as Method, call, watch, work, rowsOf);
  return true;
}

/**
 * Rows that come as events end with `end`, after an error too. An error stays unheard if nobody listens. Who
 * listens runs as the unit that made the query.
 */
function watchEvents(
  command: Command | undefined,
  call: QueryCall,
  watch: QueryWatch,
  { work }: ProbeHost,
): void {
  if (typeof command?.once !== 'function') return;
  command.once(errorMonitor, (error) => watch.end(call, error));
  command.once('end', () => watch.end(call, undefined));
  resumeMethod(command, 'emit', call, work);
}

const rowsOf: RowsOf = (result) => {
  if (Array.isArray(result)) return result.length;
  return (result as { affectedRows?: number } | undefined)?.affectedRows ?? NO_DETAIL;
};

/**
 * What times a handshake from its begin to its end, or to its error, by the address of the server. An error may be
 * the connection's, which `connection` tells.
 */
export function handshakeTimer(
  host: ProbeHost,
): (handshake: Command, address: string, connection?: Command) => void {
  const opened = new LabelSeries(host.recorder, DB_CLIENT_CONNECTION_CREATE_TIME);
  return (handshake, address, connection) => {
    const [unit, startMs] = [host.work.current(), nowMs()];
    let isOpen = true;
    const end = guarded('end of mysql handshake', host.warn, (error: unknown) => {
      if (!isOpen) return;
      isOpen = false;
      host.work.end(unit, opened.id('mysql', address, errorTypeOf(error)), startMs);
    });
    connection?.once?.(errorMonitor, end);
    handshake.once?.(errorMonitor, end);
    handshake.once?.('end', () => end(undefined));
  };
}
