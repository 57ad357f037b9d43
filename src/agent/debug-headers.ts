/**
 * Debug headers: X-Response-Time, X-DB-Queries and Server-Timing on every HTTP/1 response, as of the
 * moment when its head is written. Neither loaded nor is anything patched unless the option is on. What the application set itself under these names stays; of Server-Timing both are sent.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nowMs } from './clock.js';
import { guarded } from './guarded.js';
import { http } from './late-builtins.js';
import type { ProbeHost } from './probe.js';
import { replaceMethod } from './replace-method.js';
import { type RequestState, stateOf } from './request-state.js';
import { traceparentOf } from './trace-context.js';

const SERVER_TIMING = 'Server-Timing';

type HeaderValue = string | number | readonly string[] | undefined;
/** As writeHead takes them: an object, names and values in turn, or pairs of them. */
export type HeaderForm = Record<string, HeaderValue> | HeaderValue[] | [string, HeaderValue][];

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

/** From now on every response of HTTP/1 says what it cost. */
export function addDebugHeaders({ warn }: ProbeHost): void {
  const prepare = guarded('debug-headers', warn, addTo);
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

function addTo({ response, args }: Head): void {
  // A second writeHead is the application's mistake, and the runtime's to report.
  const state = response.headersSent ? undefined : stateOf(response.req);
  if (state === undefined) return;
  // writeHead(status, reason, headers), where the reason may be left out.
  const index = typeof args[1] === 'string' || args[2] != null ? 2 : 1;
  const given = args[index] as HeaderForm | null | undefined;
  const headers = debugHeadersOf(state);
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
  const all = Array.isArray(given) ? new ListForm(given) : new ObjectForm(given);
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

/** Where a header is: its name, or its place in a list. */
type Place = string | number;

class ObjectForm {
  readonly copy: Record<string, HeaderValue>;

  constructor(given: Record<string, HeaderValue>) {
    this.copy = { ...given };
  }

  find(name: string): Place | undefined {
    return Object.keys(this.copy).find((key) => key.toLowerCase() === name.toLowerCase());
  }

  valueAt(place: Place): HeaderValue {
    return this.copy[place];
  }

  put(place: Place, value: string): void {
    this.copy[place] = value;
  }
}

class ListForm {
  readonly copy: HeaderValue[] | [string, HeaderValue][];
  readonly #isOfPairs: boolean;

  constructor(given: HeaderValue[] | [string, HeaderValue][]) {
    this.#isOfPairs = Array.isArray(given[0]);
    this.copy = given.map((item) => (this.#isOfPairs ? [...(item as string[])] : item)) as never;
  }

  /** The last of several, at which a value is added. */
  find(name: string): Place | undefined {
    const step = this.#isOfPairs ? 1 : 2;
    for (let i = this.copy.length - step; i >= 0; i -= step) {
      const item = this.copy[i];
      const key = this.#isOfPairs ? (item as [string, HeaderValue])[0] : item;
      if (String(key).toLowerCase() === name.toLowerCase()) return i;
    }
    return undefined;
  }

  valueAt(place: Place): HeaderValue {
    const at = place as number;
    if (this.#isOfPairs) return (this.copy as [string, HeaderValue][])[at]?.[1];
    return (this.copy as HeaderValue[])[at + 1];
  }

  put(place: Place, value: string): void {
    const list = this.copy as unknown[];
    if (typeof place === 'string')
      list.push(...(this.#isOfPairs ? [[place, value]] : [place, value]));
    else if (this.#isOfPairs) (list[place] as unknown[])[1] = value;
    else list[place + 1] = value;
  }
}
