/**
 * What responses of HTTP/1 tell of themselves, as of the moment when their head is written: debug headers
 * (X-Response-Time, X-DB-Queries and Server-Timing) on every one, or trace and route by Server-Timing for
 * browsers (server-timing.ts). Neither loaded nor is anything patched unless an option asks for it. What
 * the application set itself under these names stays; of Server-Timing both are sent.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowMs } from './clock.js';
import { guarded } from './guarded.js';
import { copyOf, type HeaderForm, type HeaderValue } from './header-form.js';
import { http } from './late-builtins.js';
import type { ProbeHost } from './probe.js';
import { replaceMethod } from './replace-method.js';
import { type RequestState, stateOf } from './request-state.js';
import { serverTimingOf } from './server-timing.js';
import { traceparentOf } from './trace-context.js';

const SERVER_TIMING = 'Server-Timing';

/** What the headers say of `state` now. */
export function debugHeadersOf(state: RequestState): readonly (readonly [string, string])[] {
  const totalMs = (nowMs() - state.startMs).toFixed(1);
  const timing = [
    `total;dur=${totalMs}`,
    `db;dur=${state.queryBusyMs.toFixed(1)};desc="${state.queries} queries"`,
    `middleware;dur=${state.middlewareMs.toFixed(1)}`,
    ...readsOf(state),
    `traceparent;desc="${traceparentOf(state)}"`,
  ];
  return [
    ['X-Response-Time', `${totalMs}ms`],
    ['X-DB-Queries', String(state.queries)],
    [SERVER_TIMING, timing.join(', ')],
  ];
}

function readsOf({ cacheHits, cacheMisses }: RequestState): string[] {
  if (cacheHits + cacheMisses === 0) return [];
  const hits = `${cacheHits} ${cacheHits === 1 ? 'hit' : 'hits'}`;
  const misses = `${cacheMisses} ${cacheMisses === 1 ? 'miss' : 'misses'}`;
  return [`cache;desc="${hits}, ${misses}"`];
}

/** Of a request, once its response has this status. */
export type HeadersOf = (
  state: RequestState,
  statusCode: number,
) => readonly (readonly [string, string])[];

/** From now on responses of HTTP/1 say what they cost, or only what browsers need to know. */
export function addDebugHeaders({ warn }: ProbeHost, isDebug: boolean): void {
  const headersOf = isDebug ? debugHeadersOf : serverTimingOf;
  const prepare = guarded('debug-headers', warn, (head: Head) => addTo(head, headersOf));
  replaceMethod(
    http().ServerResponse.prototype,
    'writeHead',
    (writeHead) =>
      function (...args) {
        prepare({ response: this as ServerResponse, args });
        return writeHead.apply(this, args);
      },
  );
}

interface Head {
  readonly response: ServerResponse<IncomingMessage>;
  /** Of writeHead; where it has headers, they are replaced by a copy. */
  readonly args: unknown[];
}

function addTo({ response, args }: Head, headersOf: HeadersOf): void {
  // A second writeHead is the application's mistake, and the runtime's to report.
  const state = response.headersSent ? undefined : stateOf(response.req);
  if (state === undefined) return;
  // writeHead(status, reason, headers), where the reason may be left out.
  const index = typeof args[1] === 'string' || args[2] != null ? 2 : 1;
  const given = args[index] as HeaderForm | null | undefined;
  const headers = headersOf(state, Number(args[0]));
  if (headers.length === 0) return;
  if (given === undefined || given === null) {
    for (const [name, value] of headers) setUnlessThere(response, name, value);
    return;
  }
  // Pairs after setHeader are refused by the runtime, by how many they are: not to be touched.
  const isRefused =
    Array.isArray(given) && Array.isArray(given[0]) && response.getHeaderNames().length > 0;
  if (typeof given !== 'object' || isRefused) return;
  args[index] = withHeaders(given, headers, (name) => response.getHeader(name) as HeaderValue);
}

function setUnlessThere(response: ServerResponse, name: string, value: string): void {
  const own = response.getHeader(name) as HeaderValue;
  if (own === undefined) response.setHeader(name, value);
  else if (name === SERVER_TIMING) response.setHeader(name, joined(own, value));
}

/**
 * A copy of `given`, in its own form, with `headers` added. `setBefore` is what was set otherwise, and
 * would be replaced by what is in the copy.
 */
export function withHeaders(
  given: HeaderForm,
  headers: readonly (readonly [string, string])[],
  setBefore: (name: string) => HeaderValue,
): HeaderForm {
  const all = copyOf(given);
  for (const [name, value] of headers) {
    const at = all.find(name);
    const own = at === undefined ? setBefore(name) : all.valueAt(at);
    if (own === undefined) all.put(at ?? name, value);
    else if (name.toLowerCase() === 'server-timing') all.put(at ?? name, joined(own, value));
  }
  return all.copy;
}

/** One header of two values: where names are in a list, Node.js 20 keeps the last of equal ones. */
function joined(own: HeaderValue, value: string): string {
  return `${Array.isArray(own) ? own.join(', ') : own}, ${value}`;
}
