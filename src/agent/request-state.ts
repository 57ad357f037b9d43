/**
 * What is known of one request while it runs. One small object of one shape a request: the hot
 * path depends on it. It hangs on the request under a symbol (6 ns; a WeakMap costs 180–370).
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Unit } from './unit.js';

/**
 * Asks a framework for the template a request matched, when the response ends. `statusCode` is what
 * was sent, 0 when nothing was.
 */
export type RouteResolver = (state: RequestState, statusCode: number) => string | undefined;

/** No series. */
export const NO_ANSWER = -1;

/** A size that cannot be known, and is then not recorded. */
export const UNKNOWN_BYTES = -1;

export class RequestState extends Unit {
  readonly method: string;
  /** The request target as it came, for HTTP/2; HTTP/1 has it on the request. */
  readonly target: string | undefined;
  request: IncomingMessage | undefined = undefined;
  response: ServerResponse | undefined = undefined;
  /** What came with a request of HTTP/2; HTTP/1 has it on the request. Of one that has ended: see `carriedBy`. */
  headers: IncomingHttpHeaders | undefined = undefined;
  /** The template, when a framework told it outright. */
  route: string | undefined = undefined;
  /** Set by the adapter of the framework that took the request. */
  resolver: RouteResolver | undefined = undefined;
  /** What that adapter keeps between its hooks: the framework's own request or context, or notes of ours. */
  visit: unknown = undefined;
  /** The request before this one on the same connection, while it is open (pipelining). */
  previous: RequestState | undefined = undefined;
  /** Series of what answered it (a static file), which takes its duration, too; else NO_ANSWER. */
  answerSeries: number = NO_ANSWER;
  bytesIn: number = UNKNOWN_BYTES;
  bytesOut: number = UNKNOWN_BYTES;

  constructor(startMs: number, method: string, target: string | undefined) {
    super(startMs);
    this.method = method;
    this.target = target;
  }

  override callerHeaders(): IncomingHttpHeaders | undefined {
    return this.headers ?? this.request?.headers;
  }

  /** The framework's own request or context first; of HTTP/2 without one there is nothing but headers. */
  override carriers(): readonly unknown[] {
    return [this.visit, this.request, { headers: this.headers, res: this.response }];
  }

  /** Who still has the state (a timer that followed it) must not keep the exchange alive with it. */
  override release(): void {
    super.release();
    this.request = undefined;
    this.headers = undefined;
    this.response = undefined;
    this.previous = undefined;
    this.visit = undefined;
  }
}

const TRACEPARENT = 'traceparent';

/**
 * Of what came with a request that ends now what may still be asked for, unless it was: whose trace it carries on.
 * `headers` of HTTP/1 are made when first they are read, which would cost more.
 */
export function carriedBy(state: RequestState): IncomingHttpHeaders | undefined {
  if (state.trace !== undefined) return undefined;
  const { headers, request } = state;
  const traceparent = headers?.traceparent ?? valueIn(request?.rawHeaders ?? [], TRACEPARENT);
  return traceparent === undefined ? undefined : { traceparent };
}

/** Of names and values in turn. */
function valueIn(rawHeaders: readonly string[], wanted: string): string | undefined {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === wanted.length && name.toLowerCase() === wanted) return rawHeaders[i + 1];
  }
  return undefined;
}

const STATE = Symbol('tachograph.request');

interface Carrier {
  [STATE]?: RequestState;
  /** The HTTP/2 compatibility request hangs on its stream. */
  stream?: Carrier;
  /** Wrappers such as koa's or nest's keep the original here. */
  raw?: Carrier;
}

export function attachState(carrier: object, state: RequestState): void {
  (carrier as Carrier)[STATE] = state;
}

/** The state of a request (or of the HTTP/2 stream under it), if it is one we saw begin. */
export function stateOf(carrier: object | undefined): RequestState | undefined {
  const request = carrier as Carrier | undefined;
  return stateIn(request) ?? stateIn(request?.raw);
}

function stateIn(request: Carrier | undefined): RequestState | undefined {
  return request?.[STATE] ?? request?.stream?.[STATE];
}

/**
 * For adapters: from now on `resolver` names the route of this request, out of what `visit` holds.
 * The first framework that takes a request keeps it.
 */
export function setResolver(
  request: object | undefined,
  resolver: RouteResolver,
  visit?: unknown,
): void {
  const state = stateOf(request);
  if (state === undefined || state.isDone || state.resolver !== undefined) return;
  state.resolver = resolver;
  state.visit = visit;
  // HTTP/2 streams begin before their compatibility request exists.
  state.request ??= request as IncomingMessage;
}
