/**
 * postgres.js: how long it takes to have one of its connections, to open one, and how many there are. A query
 * has a connection when it is sent, and many may be on one at a time; those of a transaction have theirs
 * already. What is wrapped is the function that makes connections. Hot path.
 */
import { DB_CLIENT_CONNECTION_CREATE_TIME } from '../../shared/database-metrics.js';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import { LabelSeries } from '../label-series.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf } from '../timed-call.js';
import { PoolWatch, poolName } from './pool-watch.js';
import { type Line, type Query, runOf, taken } from './postgres-js.js';

interface Options {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly database: string;
  readonly max: number;
}

interface Counted {
  readonly length: number;
}

/** Connections by what they do; one object a pool. */
interface Queues {
  readonly connecting: Counted;
  readonly reserved: Counted;
  readonly open: Counted;
  readonly busy: Counted;
  readonly full: Counted;
}

interface Connection {
  /** Set while a transaction has it. */
  readonly reserved?: unknown;
  execute: (query: Query) => unknown;
  connect: (query: Query | undefined) => unknown;
}

interface Events {
  readonly onopen?: (connection: Connection) => unknown;
}

type Connect = (options: Options, queues: Queues | undefined, events: Events) => Connection;

/** For postgres/cjs/src/connection.js. */
export function patchPostgresJsPool(loaded: LoadedModule, host: ProbeHost): void {
  const { exports } = loaded;
  if (typeof exports === 'function') loaded.exports = watched(exports as Connect, host);
}

/** For what postgres/src/connection.js exports by its value. */
export function patchPostgresJsPoolEsm(locals: object, host: ProbeHost): object {
  const { Connection } = locals as { Connection?: unknown };
  return typeof Connection === 'function'
    ? { Connection: watched(Connection as Connect, host) }
    : {};
}

function watched(original: Connect, host: ProbeHost): Connect {
  const watch = new ConnectionWatch(host);
  const onMade = guardedCall('postgres.js connection', host.warn, watch.made.bind(watch));
  const wrapped = function (this: unknown, ...args: unknown[]): Connection {
    const [options, queues, events] = args as Parameters<Connect>;
    // One that only cancels a query belongs to no pool.
    if (queues?.open === undefined) return Reflect.apply(original, this, args);
    const opening: Opening = { end: undefined };
    const onopen = (connection: Connection): unknown => {
      opening.end?.(undefined);
      return events.onopen?.(connection);
    };
    const connection = original.call(this, options, queues, { ...events, onopen });
    onMade(connection, options, queues, opening);
    return connection;
  };
  return dressAs(wrapped as never, original as never) as Connect;
}

class ConnectionWatch {
  readonly #host: ProbeHost;
  readonly #options = new WeakMap<Queues, Options>();
  /** Where queries wait for a connection of the pool. */
  readonly #lines = new WeakMap<Queues, Line>();
  readonly #pools: PoolWatch<Queues>;
  readonly #created: LabelSeries;

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#created = new LabelSeries(host.recorder, DB_CLIENT_CONNECTION_CREATE_TIME);
    this.#pools = new PoolWatch<Queues>(
      host,
      (queues) => {
        const { host: hosts, port: ports, database } = this.#options.get(queues)!;
        return poolName(hosts[0], ports[0], database);
      },
      (queues) => {
        const { connecting, reserved, open, busy, full } = queues;
        return {
          used: connecting.length + reserved.length + busy.length + full.length,
          idle: open.length,
          pending: this.#lines.get(queues)?.waiting ?? 0,
          max: this.#options.get(queues)!.max,
        };
      },
    );
  }

  /** A connection of the pool that has these `queues` was made; it is not open yet. */
  made(connection: Connection, options: Options, queues: Queues, opening: Opening): void {
    const { warn } = this.#host;
    if (!this.#options.has(queues)) this.#options.set(queues, options);
    const { execute, connect } = connection;
    const beforeExecute = guardedCall('postgres.js execute', warn, (query: Query) => {
      if (!connection.reserved) this.#join(queues, query);
      const run = runOf(query);
      if (run !== undefined) taken(run);
    });
    const beforeConnect = guardedCall('postgres.js connect', warn, (query: Query | undefined) => {
      opening.end = this.#opening(options, opening, query);
      const run = runOf(query);
      if (query === undefined || run === undefined) return;
      this.#join(queues, query);
      run.onTaken = (error) => opening.end?.(error);
      onceState(query, () => taken(run));
    });
    connection.execute = (query) => {
      beforeExecute(query);
      return execute(query);
    };
    connection.connect = (query) => {
      beforeConnect(query);
      return connect(query);
    };
  }

  /** The line of `query` is that of the pool. A query read from a file has one of its own. */
  #join(queues: Queues, query: Query): void {
    const line = runOf(query)?.line;
    if (line === undefined || line.onTaken !== undefined) return;
    if (!this.#lines.has(queues)) this.#lines.set(queues, line);
    line.onTaken = ({ unit, startMs }, error) => this.#pools.acquired(queues, unit, startMs, error);
  }

  /** What is told when the connection is open, for `query` if for any; or, with an error, is not. */
  #opening(options: Options, opening: Opening, query: Query | undefined): (error: unknown) => void {
    const { work } = this.#host;
    const run = runOf(query);
    const unit = run === undefined ? work.current() : run.call.unit;
    const startMs = nowMs();
    return (error) => {
      opening.end = undefined;
      const series = this.#created.id('postgresql', options.host[0], errorTypeOf(error));
      work.end(unit, series, startMs);
    };
  }
}

/** Of a connection that is being opened. */
interface Opening {
  end: ((error: unknown) => void) | undefined;
}

/** The query for which a connection was opened is sent by the connection itself, which notes its state then. */
function onceState(query: Query, then: () => void): void {
  const property = { configurable: true, enumerable: true };
  Object.defineProperty(query, 'state', {
    ...property,
    get: () => null,
    set(value: object) {
      Object.defineProperty(query, 'state', { ...property, value, writable: true });
      then();
    },
  });
}
