/**
 * The synchronous drivers of SQLite, which have one interface: libsql, better-sqlite3 and node:sqlite.
 * A query is a call of `exec`, or of `run`, `get`, `all` or `iterate` of a statement. Hot path.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { endingThrow } from './query-ends.js';
import { type QueryCall, QueryWatch } from './query-watch.js';

/** On a statement: what it was made of, and by whom. */
const ORIGIN = Symbol('tachograph.statement');

interface Statement {
  [ORIGIN]?: { readonly sql: unknown; readonly database: object };
  /** better-sqlite3 itself prepares BEGIN and COMMIT, out of our sight. */
  readonly source?: unknown;
  readonly database?: object;
}

/** For libsql/index.js and better-sqlite3/lib/database.js. */
export function patchSqlite({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  watchSqlite(prototype, host);
}

/** `prototype` is that of databases. */
export function watchSqlite(prototype: object | undefined, host: ProbeHost): void {
  host.context.follow();
  const watch = new QueryWatch(host, 'sqlite');
  const watched = new WeakSet<object>();
  replaceMethod(
    prototype,
    'prepare',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const statement = original.apply(this, args);
        if (typeof statement !== 'object' || statement === null) return statement;
        const value = { sql: args[0], database: this };
        Object.defineProperty(statement, ORIGIN, { value });
        const methods = Object.getPrototypeOf(statement) as object;
        if (!watched.has(methods)) {
          watched.add(methods);
          watchStatements(methods, watch);
        }
        return statement;
      },
  );
  replaceMethod(
    prototype,
    'exec',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const call = watch.begin(args[0], this);
        if (call === undefined) return original.apply(this, args);
        const result = endingThrow(() => original.apply(this, args), call, watch);
        watch.end(call, undefined);
        return result;
      },
  );
}

function watchStatements(methods: object, watch: QueryWatch): void {
  // A method may be made of another: the statement that runs is not counted again.
  let running: object | undefined;
  const timed =
    (rowsOf: (result: unknown, call: QueryCall) => number | undefined) =>
    (original: Method): Method =>
      function (this: object, ...args: unknown[]): unknown {
        const { [ORIGIN]: origin, source, database } = this as Statement;
        const call =
          running === this
            ? undefined
            : watch.begin(origin?.sql ?? source, origin?.database ?? database ?? this);
        if (call === undefined) return original.apply(this, args);
        const outer = running;
        running = this;
        try {
          const result = endingThrow(() => original.apply(this, args), call, watch);
          const rows = rowsOf(result, call);
          if (rows !== undefined) watch.end(call, undefined, rows);
          return result;
        } finally {
          running = outer;
        }
      };
  const changes = (result: unknown): number =>
    Number((result as { changes?: unknown } | undefined)?.changes ?? NO_DETAIL);
  replaceMethod(methods, 'run', timed(changes));
  replaceMethod(
    methods,
    'get',
    timed((result) => (result === undefined ? 0 : 1)),
  );
  replaceMethod(
    methods,
    'all',
    timed((result) => (Array.isArray(result) ? result.length : NO_DETAIL)),
  );
  replaceMethod(
    methods,
    'iterate',
    timed((result, call) => {
      watchIterator(result as Iterator<unknown>, call, watch);
      return undefined;
    }),
  );
}

/** Ends with the last row, or when who iterates leaves. */
function watchIterator(rows: Iterator<unknown>, call: QueryCall, watch: QueryWatch): void {
  const { next, return: leave } = rows as unknown as Record<'next' | 'return', Method>;
  let count = 0;
  const set = (name: string, value: Method): void => {
    Object.defineProperty(rows, name, { value, writable: true, configurable: true });
  };
  set('next', function (this: object, ...args) {
    const step = endingThrow(() => next.apply(this, args), call, watch);
    if ((step as IteratorResult<unknown>).done === true) watch.end(call, undefined, count);
    count += 1;
    return step;
  });
  set('return', function (this: object, ...args) {
    watch.end(call, undefined, count);
    return leave === undefined ? { done: true, value: args[0] } : leave.apply(this, args);
  });
}
