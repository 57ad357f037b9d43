/**
 * mongodb: each command that a connection sends, so what an application calls may be several: a cursor is its
 * `find` and every `getMore`. Known of one are its name and collection, nothing of its documents. The
 * driver's own events would have to be switched on, and copy every document. Hot path.
 */
import { types } from 'node:util';
import { DB_CLIENT_OPERATION_DURATION } from '../../shared/database-metrics.js';
import { nowMs } from '../clock.js';
import { guardedCall } from '../guarded.js';
import { BoundedNames } from '../layers/bounded-names.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { SeriesMap } from '../series-map.js';
import { endOf, endOfCallback, errorTypeOf } from '../timed-call.js';
import type { BegunCall } from '../work.js';
import { classOf, isOfDriver } from './mongo-commands.js';
import { refusalIn, rowsIn } from './mongo-replies.js';
import { MongoTransactions } from './mongo-transactions.js';

interface Call extends BegunCall {
  readonly name: string;
  readonly collection: string;
  readonly session: object | undefined;
}

interface Options {
  readonly session?: object;
  /** Of a cursor that waits for what comes: a tailable one and, in newer versions, a change stream. */
  readonly awaitData?: boolean;
}

/** For mongodb/lib/cmap/connection.js. */
export function patchMongodb({ exports }: LoadedModule, host: ProbeHost): void {
  const { Connection } = (exports ?? {}) as { Connection?: { prototype?: object } };
  host.context.follow();
  const series = new SeriesMap(host.recorder, DB_CLIENT_OPERATION_DURATION);
  const transactions = new MongoTransactions(host);
  const collections = new BoundedNames();
  const seriesOf = (name: string, collection: string, errorType: string | undefined): number =>
    series.id(`${name} ${collection} ${errorType}`, () => [
      'mongodb',
      name || undefined,
      collection || undefined,
      classOf(name) ?? 'other',
      undefined,
      errorType,
    ]);

  const begin = guardedCall(
    'mongodb command',
    host.warn,
    (sent: string, command: object, options: Options | undefined): Call => {
      // Whatever else is sent as a command may be a value, and has no name.
      const name = classOf(sent) === undefined ? '' : sent;
      const collection = collectionOf(name, command as Record<string, unknown>, collections);
      const startMs = nowMs();
      const session = options?.session;
      transactions.begin(session, startMs);
      const unit = host.work.beginQuery(startMs);
      const span = host.work.begin(unit, seriesOf(name, collection, undefined), startMs);
      return { name, collection, session, unit, startMs, span };
    },
  );
  const end = guardedCall('mongodb reply', host.warn, (call: Call, error: unknown, reply) => {
    const { name, collection } = call;
    const errorType = errorTypeOf(error) ?? refusalIn(reply);
    host.work.endQuery(call, seriesOf(name, collection, errorType), rowsIn(name, reply));
    transactions.end(call.session, name, errorType);
  });
  replaceMethod(Connection?.prototype, 'command', (original) => {
    // Older versions give no promise, and call back; to newer ones a class is given in the place of the callback.
    const isCalledBack = original.length === 4 && !types.isAsyncFunction(original);
    return function (this: object, ...args: unknown[]): unknown {
      const [, command, options] = args as [unknown, object | undefined, Options | undefined];
      const sent = firstKey(command);
      if (command === undefined || isOfDriver(sent) || isWait(sent, options)) {
        return original.apply(this, args);
      }
      const call = begin(sent, command, options);
      if (call === undefined) return original.apply(this, args);
      const send = (): unknown => original.apply(this, args);
      const ends = (error: unknown, reply: unknown): void => end(call, error, reply);
      if (!isCalledBack || typeof args[3] !== 'function') return endOf(send, ends);
      const resume = (back: () => unknown): unknown => host.work.resume(call.unit, back);
      return endOfCallback(send, args, 3, ends, { owner: Connection!, resume });
    };
  });
}

/** It lasts as long as nothing comes: how fast the server is does not show in it. */
function isWait(sent: string, options: Options | undefined): boolean {
  return sent === 'getMore' && options?.awaitData === true;
}

function firstKey(command: object | undefined): string {
  for (const key in command) return key;
  return '';
}

/** Empty for a command of a whole database, and for one that has no name. */
function collectionOf(
  name: string,
  command: Readonly<Record<string, unknown>>,
  known: BoundedNames,
): string {
  const collection = name === 'getMore' ? command.collection : command[name];
  return typeof collection === 'string' ? known.take(collection) : '';
}
