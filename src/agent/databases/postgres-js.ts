/**
 * postgres.js: its class of queries, in either of its builds. A query is a promise that is handed over when
 * somebody first waits for it; its text and its connection are known when it is sent. It may wait for a
 * connection (./postgres-js-pool.ts). Hot path.
 */
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { askedOf } from './asked-pool.js';
import { resumeMethod } from './query-ends.js';
import { type QueryCall, QueryWatch } from './query-watch.js';
import { watchThen } from './thenable-places.js';

export interface Query {
  [RUN]?: Run;
  readonly executed: boolean;
  readonly onlyDescribe?: boolean;
  /** Null for what the driver itself asks, and for what was cancelled before it was sent. */
  readonly canceller: unknown;
  /** One for all queries of a pool, another one for those of a transaction. */
  readonly handler: object;
  readonly strings: readonly string[];
  /** As it is sent. */
  readonly string?: string;
  readonly parameters?: readonly unknown[];
  /** Of the connection that has it. */
  state: object | null;
  readonly streaming?: boolean;
  readonly cursorRows?: number;
  resolve: Settle;
  reject: Settle;
}

type Settle = (value: unknown) => unknown;

/** Queries of one handler. */
export interface Line {
  waiting: number;
  /** Told when one of them has a connection; or, with an error, will have none. */
  onTaken: ((call: QueryCall, error: unknown) => void) | undefined;
}

export interface Run {
  readonly call: QueryCall;
  readonly line: Line;
  isWaiting: boolean;
  /** What ends it, as it was put on the query. */
  resolve: Settle | undefined;
  /** Of the connection that is opened for it. */
  onTaken: ((error: unknown) => void) | undefined;
}

interface Result {
  readonly command?: string | null;
  readonly count?: number | null;
}

/** On a query that was handed over. */
const RUN: unique symbol = Symbol('tachograph.query');

/** For postgres/cjs/src/query.js. */
export function patchPostgresJs({ exports }: LoadedModule, host: ProbeHost): void {
  patchPostgresJsEsm((exports ?? {}) as object, host);
}

/** For the exports of postgres/src/query.js. */
export function patchPostgresJsEsm(exports: object, host: ProbeHost): void {
  const { prototype } = ((exports as { Query?: unknown }).Query ?? {}) as { prototype?: object };
  host.context.follow();
  watchThen(prototype, host);
  const watch = new QueryWatch(host, 'postgresql');
  const asked = askedOf(host, 'postgresql');
  const lines = new WeakMap<object, Line>();
  const lineOf = (handler: object): Line => {
    const line = lines.get(handler) ?? { waiting: 0, onTaken: undefined };
    lines.set(handler, line);
    return line;
  };
  const end = guardedCall('end of postgres.js query', host.warn, endRun.bind(undefined, watch));
  const handOver = guardedCall('postgres.js query', host.warn, (query: Query) => {
    const run = query[RUN] ?? (query.executed ? undefined : beginRun(query, watch, lineOf, asked));
    if (run?.call.isOpen === true) watchEnds(query, run, end, host);
  });
  replaceMethod(
    prototype,
    'handle',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        handOver(this as Query);
        return original.apply(this, args);
      },
  );
}

export function runOf(query: Query | undefined): Run | undefined {
  return query?.[RUN];
}

/** A connection has it now; or, with an `error`, none will. */
export function taken(run: Run, error?: unknown): void {
  if (!run.isWaiting) return;
  run.isWaiting = false;
  run.line.waiting -= 1;
  run.onTaken?.(error);
  run.line.onTaken?.(run.call, error);
}

function beginRun(
  query: Query,
  watch: QueryWatch,
  lineOf: (handler: object) => Line,
  asked: (sql: unknown) => void,
): Run | undefined {
  if (query.canceller === null || query.canceller === undefined) return undefined;
  // The server only parses it.
  if (query.onlyDescribe === true) return undefined;
  asked(query.strings.join('?'));
  const call = watch.begin('', query, undefined);
  if (call === undefined) return undefined;
  const line = lineOf(query.handler);
  line.waiting += 1;
  const run = { call, line, isWaiting: true, resolve: undefined, onTaken: undefined };
  Object.defineProperty(query, RUN, { value: run });
  return run;
}

/**
 * A cursor that is iterated has new functions for each portion, and is handed over each time. What is called
 * with rows is called as the unit that made the query.
 */
function watchEnds(
  query: Query,
  run: Run,
  end: (query: Query, run: Run, error: unknown, result: unknown) => void,
  { work }: ProbeHost,
): void {
  const { resolve, reject } = query;
  if (resolve === run.resolve) return;
  query.resolve = run.resolve = (value) => {
    // COPY gives its stream first, and its result when that has ended.
    if (query.streaming !== true || !isStream(value)) end(query, run, undefined, value);
    return resolve(value);
  };
  query.reject = (error) => {
    end(query, run, error ?? new Error('rejected'), undefined);
    return reject(error);
  };
  resumeMethod(query, 'forEachFn', run.call, work);
  resumeMethod(query, 'cursorFn', run.call, work);
}

function endRun(watch: QueryWatch, query: Query, run: Run, error: unknown, result: unknown): void {
  const { call } = run;
  if (!call.isOpen) return;
  taken(run, error);
  // Of one that was never sent only the parts are known.
  watch.tellText(call, query.string ?? query.strings.join('?'), query.parameters);
  call.connection = query.state ?? query;
  const first = (Array.isArray(result) && isResult(result[0]) ? result[0] : result) as Result;
  call.isUndone = first?.command === 'ROLLBACK';
  watch.end(call, error, query.cursorRows === undefined ? rowsOf(result) : NO_DETAIL);
}

/** Several statements have a list of results. */
function rowsOf(result: unknown): number {
  if (!Array.isArray(result)) return NO_DETAIL;
  if (!isResult(result[0])) return (result as Result).count ?? NO_DETAIL;
  return (result as Result[]).reduce((rows, { count }) => rows + (count ?? 0), 0);
}

/** Rows may be anything, also lists; only results know their command. */
function isResult(value: unknown): boolean {
  return Array.isArray(value) && 'command' in value;
}

function isStream(value: unknown): boolean {
  return typeof (value as { destroy?: unknown } | undefined)?.destroy === 'function';
}
