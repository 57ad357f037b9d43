/**
 * The synchronous drivers of SQLite, which have one interface: libsql, better-sqlite3 and node:sqlite.
 * A query is a call of `exec`, or of `run`, `get`, `all` or `iterate` of a statement. Hot path.
 */
import { dressAs } from '../dress-as.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { errorTypeOf } from '../timed-call.js';
import { endingThrow } from './query-ends.js';
import { type QueryCall, QueryWatch } from './query-watch.js';

/** On a statement: what it was made of, and by whom. */
const ORIGIN = Symbol('tachograph.statement');
/** Of SQLite's results, whose numbers node:sqlite gives. */
const RESULTS =
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'.split(
    ' ',
  );

interface Statement {
  [ORIGIN]?: { readonly sql: unknown; readonly database: object };
  /** better-sqlite3 itself prepares BEGIN and COMMIT, out of our sight. */
  readonly source?: unknown;
  readonly database?: object;
}

/** For libsql/index.js and better-sqlite3/lib/database.js, which since version 13 makes the class when it is called. */
export function patchSqlite(loaded: LoadedModule, host: ProbeHost): void {
  const { exports } = loaded;
  if (typeof exports !== 'function') return;
  const { prototype } = exports as { prototype?: object };
  if (prototype !== undefined && 'prepare' in prototype) {
    watchSqlite(prototype, host);
    return;
  }
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const made: unknown = Reflect.apply(exports, this, args);
    if (typeof made === 'function') watchSqlite(made.prototype as object, host);
    return made;
  };
  loaded.exports = dressAs(wrapped, exports);
}

/** For node:sqlite. */
export function patchNodeSqlite(exports: object, host: ProbeHost): void {
  watchSqlite((exports as { DatabaseSync?: { prototype?: object } }).DatabaseSync?.prototype, host);
}

/** What is asked, and of which database, by a call of one of these methods. */
interface Asked {
  readonly sqlOf: (self: object, first: unknown) => unknown;
  readonly databaseOf: (self: object) => object;
}

const BY_STATEMENT: Asked = {
  sqlOf: (self) => (self as Statement)[ORIGIN]?.sql ?? (self as Statement).source,
  databaseOf: (self) =>
    (self as Statement)[ORIGIN]?.database ?? (self as Statement).database ?? self,
};

/** node:sqlite's store of statements, whose methods are tags of templates. */
const BY_TAG: Asked = {
  sqlOf: (_, first) => (Array.isArray(first) ? first.join('?') : first),
  databaseOf: (self) => (self as { db?: object }).db ?? self,
};

function errorType(error: unknown): string | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  const result = typeof errcode === 'number' ? RESULTS[errcode & 0xff] : undefined;
  return result === undefined ? errorTypeOf(error) : `SQLITE_${result}`;
}

/** `prototype` is that of databases. */
function watchSqlite(prototype: object | undefined, host: ProbeHost): void {
  host.context.follow();
  const watch = new QueryWatch(host, 'sqlite', errorType);
  const watched = new WeakSet<object>();
  const watchMethods = (of: object, asked: Asked): void => {
    const methods = Object.getPrototypeOf(of) as object;
    if (watched.has(methods)) return;
    watched.add(methods);
    watchStatements(methods, watch, asked);
  };
  replaceMethod(
    prototype,
    'prepare',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const statement = original.apply(this, args);
        if (typeof statement !== 'object' || statement === null) return statement;
        const value = { sql: args[0], database: this };
        Reflect.defineProperty(statement, ORIGIN, { value });
        watchMethods(statement, BY_STATEMENT);
        return statement;
      },
  );
  replaceMethod(
    prototype,
    'createTagStore',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const store = original.apply(this, args) as object;
        watchMethods(store, BY_TAG);
        return store;
      },
  );
  replaceMethod(
    prototype,
    'exec',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const call = watch.begin(args[0], this, undefined);
        if (call === undefined) return original.apply(this, args);
        const result = endingThrow(() => original.apply(this, args), call, watch);
        watch.end(call, undefined);
        return result;
      },
  );
}

/** Each an argument, or all in one list or object. */
function valuesOf(args: readonly unknown[]): unknown {
  return args.length === 1 && typeof args[0] === 'object' ? args[0] : args;
}

function watchStatements(methods: object, watch: QueryWatch, { sqlOf, databaseOf }: Asked): void {
  // A method may be made of another: the statement that runs is not counted again.
  let running: object | undefined;
  const timed =
    (rowsOf: (result: unknown, call: QueryCall) => number | undefined) =>
    (original: Method): Method =>
      function (this: object, ...args: unknown[]): unknown {
        const call =
          running === this
            ? undefined
            : watch.begin(sqlOf(this, args[0]), databaseOf(this), valuesOf(args));
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
