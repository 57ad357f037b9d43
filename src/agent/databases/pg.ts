/**
 * pg: `client.query` in each of its forms. A text or configuration ends with its callback or promise; a
 * Submittable (a Query, a cursor, a stream) when the server is ready for the next. Hot path.
 */
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { NO_DETAIL } from '../span-list.js';
import { endingCallback, endingPromise, endingThrow, type RowsOf } from './query-ends.js';
import { type QueryCall, QueryWatch } from './query-watch.js';

interface Configuration {
  readonly text?: unknown;
  readonly values?: unknown;
  readonly name?: string;
  readonly callback?: unknown;
  readonly submit?: unknown;
  /** Of pg-query-stream. */
  readonly cursor?: { readonly text?: unknown; readonly values?: unknown };
}

interface Client {
  readonly connection?: { readonly parsedStatements?: Readonly<Record<string, unknown>> };
}

interface Result {
  readonly command?: string;
  readonly rowCount?: number | null;
}

/** What the client calls on a Submittable; the last two end it. */
const STEPS = ['handleDataRow', 'handleCommandComplete', 'handlePortalSuspended'] as const;
const ENDS = ['handleReadyForQuery', 'handleError'] as const;

/** For pg/lib/client.js. */
export function patchPgClient({ exports }: LoadedModule, host: ProbeHost): void {
  const { prototype } = (exports ?? {}) as { prototype?: object };
  host.context.follow();
  const watch = new QueryWatch(host, 'postgresql');
  replaceMethod(
    prototype,
    'query',
    (original) =>
      function (this: object, ...args: unknown[]): unknown {
        const call = watch.begin(textOf(this, args[0]), this, valuesOf(args[0], args[1]));
        if (call === undefined) return original.apply(this, args);
        const run = (): unknown => original.apply(this, args);
        if (isSubmittable(args[0])) {
          watchSubmittable(args[0] as object, call, watch, host);
          return endingThrow(run, call, watch);
        }
        if (wrapCallback(args, call, watch, host)) return endingThrow(run, call, watch);
        return endingPromise(endingThrow(run, call, watch), call, watch, rowsOf);
      },
  );
}

/** A prepared statement may be called by its name alone. */
function textOf(client: Client, config: unknown): unknown {
  if (typeof config !== 'object' || config === null) return config;
  const { text, name, cursor } = config as Configuration;
  const prepared = name === undefined ? undefined : client.connection?.parsedStatements?.[name];
  return text ?? cursor?.text ?? prepared ?? (name === undefined ? undefined : '(prepared)');
}

/** Beside the text, or in the configuration, which a list beside it replaces. */
function valuesOf(config: unknown, beside: unknown): unknown {
  if (Array.isArray(beside)) return beside;
  if (typeof config !== 'object' || config === null) return undefined;
  const { values, cursor } = config as Configuration;
  return values ?? cursor?.values;
}

function isSubmittable(config: unknown): boolean {
  return typeof (config as Configuration).submit === 'function';
}

/** In the order in which pg looks for one. False when there is none, and a promise will come. */
function wrapCallback(
  args: unknown[],
  call: QueryCall,
  watch: QueryWatch,
  { work }: ProbeHost,
): boolean {
  const [config, values, callback] = args;
  const wrap = (original: unknown): Method =>
    endingCallback(original as Method, call, watch, work, rowsOf);
  if (typeof callback === 'function') args[2] = wrap(callback);
  else if (callback) return true;
  else if (typeof values === 'function') args[1] = wrap(values);
  else {
    const own = (config as Configuration).callback;
    if (typeof own !== 'function') return false;
    // The application's own object stays as it is.
    args[0] = Object.create(Object.getPrototypeOf(config), {
      ...Object.getOwnPropertyDescriptors(config as object),
      callback: { value: wrap(own), writable: true, enumerable: true, configurable: true },
    });
  }
  return true;
}

/** What it emits, and whom it calls back, runs as the unit that made the query. */
function watchSubmittable(
  submittable: object,
  call: QueryCall,
  watch: QueryWatch,
  { work }: ProbeHost,
): void {
  for (const name of [...STEPS, ...ENDS]) {
    const original = (submittable as Record<string, unknown>)[name] as Method | undefined;
    if (typeof original !== 'function') continue;
    const isEnd = (ENDS as readonly string[]).includes(name);
    const value = function (this: object, ...args: unknown[]): unknown {
      if (isEnd) watch.end(call, name === 'handleError' ? args[0] : undefined);
      return work.resume(call.unit, () => original.apply(this, args));
    };
    Object.defineProperty(submittable, name, { value, writable: true, configurable: true });
  }
}

const rowsOf: RowsOf = (result, call) => {
  const results = (Array.isArray(result) ? result : [result]) as (Result | undefined)[];
  // A COMMIT of a transaction in which something failed is none.
  call.isUndone = results[0]?.command === 'ROLLBACK';
  let rows = 0;
  for (const one of results) rows += one?.rowCount ?? 0;
  return results[0]?.rowCount == null ? NO_DETAIL : rows;
};
