/**
 * The template of a request that passes through Express-like routers (express, router), built while
 * it passes. Hot path: one small object a request, one for each router it enters, no closure.
 *
 * `req.baseUrl` cannot tell the template: it holds the concrete mount path and is reset on errors.
 * What tells where a request is, is `req.next`: each call of a router sets its own and puts the
 * former one back when it is done. A frame is such a call.
 */
import type { IncomingMessage } from 'node:http';
import { type RouteResolver, setResolver, stateOf } from '../request-state.js';
import { asPrefix, isCatchAll, joinTemplate, type Pattern } from './template.js';

export interface RoutedRequest extends IncomingMessage {
  readonly next?: unknown;
  readonly baseUrl?: string;
  /** The route that matched last. */
  readonly route?: object;
}

/** One call of a router. */
interface Frame {
  /** The `req.next` of this call: its identity. */
  readonly next: unknown;
  /** Template of the mounts around it, and the concrete path they matched. */
  readonly prefix: string;
  readonly base: string;
  readonly outer: Frame | undefined;
  /** What a router that is entered from here has for prefix and base. */
  innerPrefix: string;
  innerBase: string;
}

export interface RouterVisit {
  frame: Frame | undefined;
  /** The route that matched, before one of its handlers has run. */
  candidate: JoinedRoute | undefined;
  /** The route whose handler ran last. */
  route: JoinedRoute | undefined;
  /** The router's own object of the route that matched last, as far as we saw. */
  seenRoute: object | undefined;
}

/** A pattern below the mounts around it. */
export interface JoinedRoute {
  readonly prefix: string;
  readonly pattern: Pattern;
  readonly template: string;
  /** The template in front of what is mounted here. */
  readonly innerPrefix: string;
}

/** The visit of a request, begun if need be; undefined when it is not ours to name. */
export function visitOf(request: RoutedRequest): RouterVisit | undefined {
  const state = stateOf(request);
  if (state === undefined) return undefined;
  if (state.resolver === undefined) {
    setResolver(request, routerResolver, {
      frame: undefined,
      candidate: undefined,
      route: undefined,
      seenRoute: undefined,
    } satisfies RouterVisit);
  }
  return state.resolver === routerResolver ? (state.visit as RouterVisit | undefined) : undefined;
}

const routerResolver: RouteResolver = ({ visit }, statusCode) => {
  const { route } = visit as RouterVisit;
  if (route === undefined) return undefined;
  // A router's own catch-all, wherever it is mounted, is how it says "no such page" (Nest does).
  const isUnmatched = statusCode === 404 && isCatchAll(joinTemplate('', route.pattern));
  return isUnmatched ? undefined : route.template;
};

/** The frame in which `request` is now: a known one, or one entered from the newest. */
export function frameOf(visit: RouterVisit, request: RoutedRequest): Frame {
  const { next } = request;
  let frame = visit.frame;
  while (frame !== undefined && frame.next !== next) frame = frame.outer;
  frame ??= enter(visit.frame, next);
  visit.frame = frame;
  return frame;
}

function enter(outer: Frame | undefined, next: unknown): Frame {
  const prefix = outer?.innerPrefix ?? '';
  const base = outer?.innerBase ?? '';
  return { next, prefix, base, outer, innerPrefix: prefix, innerBase: base };
}

/** A middleware or a mounted router is about to run. */
export function atMount(frame: Frame, layer: object, pattern: Pattern, baseUrl: string): void {
  frame.innerPrefix = join(layer, frame.prefix, pattern).innerPrefix;
  frame.innerBase = baseUrl;
}

/** A route has matched. */
export function atRoute(frame: Frame, layer: object, pattern: Pattern): JoinedRoute {
  frame.innerPrefix = frame.prefix;
  frame.innerBase = frame.base;
  return join(layer, frame.prefix, pattern);
}

const JOINED = Symbol('tachograph.joined');

/** Joins once for each layer, not for each request: a layer nearly always has the same prefix. */
function join(layer: { [JOINED]?: JoinedRoute }, prefix: string, pattern: Pattern): JoinedRoute {
  const known = layer[JOINED];
  if (known !== undefined && known.prefix === prefix && known.pattern === pattern) return known;
  const template = joinTemplate(prefix, pattern);
  const joined = { prefix, pattern, template, innerPrefix: asPrefix(template) };
  layer[JOINED] = joined;
  return joined;
}
