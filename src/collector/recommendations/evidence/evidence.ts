/**
 * Everything that is known of one service in one range, as rules and the checklist read it: plain data, times in
 * seconds, gathered once. Lists are bounded by the queries that fill them.
 */

import type { Advice } from '../../../advisor/advice.js';
import type { LibraryFields } from '../../../transport/library-event.js';
import type { Instance } from '../../query/listings.js';
import type { StallPlace } from '../../query/stalls.js';
import type { BudgetRow } from '../../views/budget-states.js';
import type { Frontend } from '../../views/frontend.js';
import type { JobRow } from '../../views/jobs.js';
import type { ModuleRow } from '../../views/operations.js';
import type { QueryRow } from '../../views/queries.js';
import type { RouteRow } from '../../views/routes.js';
import type { Finding } from './neighbours.js';
import type { TracePatterns } from './trace-patterns.js';

export interface Evidence {
  readonly service: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the range, from the first window to the last; a minute at least, so that a day can be told from it. */
  readonly recordedMs: number;
  readonly requests: number;
  readonly instances: readonly Instance[];
  readonly libraries: readonly LibraryFields[];
  readonly routes: readonly RouteRow[];
  /** Bytes by method, route and class of status. */
  readonly responseSizes: readonly Calls[];
  readonly layers: Layers;
  /** How often templates were made from their sources. */
  readonly compilations: readonly CompilationRow[];
  readonly queries: readonly QueryRow[];
  readonly transactions: readonly Calls[];
  readonly connects: readonly Calls[];
  readonly pools: readonly PoolRow[];
  readonly caches: readonly CacheRow[];
  readonly modules: readonly ModuleRow[];
  readonly jobs: readonly JobRow[];
  readonly messagesSent: readonly Calls[];
  readonly budgets: readonly BudgetRow[];
  readonly rateLimits: readonly RateLimitRow[];
  readonly outbound: readonly OutboundRow[];
  /** Outbound calls of one request, by method and route. */
  readonly clientCalls: readonly Calls[];
  readonly runtime: Runtime;
  readonly stalls: readonly StallPlace[];
  readonly traces: TracePatterns;
  readonly findings: readonly Finding[];
  readonly advice: readonly Advice[];
  /** Why there is no advice of the database; null when there may be some. */
  readonly adviceMissing: string | null;
  readonly frontend: Frontend | null;
}

/** Calls of one kind by the attributes that tell them apart. */
export interface Calls {
  readonly names: Readonly<Record<string, string>>;
  readonly calls: number;
  readonly total: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Layers {
  readonly middleware: readonly Calls[];
  readonly templates: readonly Calls[];
  readonly validations: readonly Calls[];
  readonly authentications: readonly Calls[];
  readonly sessions: readonly Calls[];
  readonly tokens: readonly Calls[];
  readonly staticFiles: readonly Calls[];
  readonly serializations: readonly Calls[];
  readonly errorPages: readonly Calls[];
}

export interface PoolRow {
  readonly pool: string;
  /** Connections in use: mean and most at once. */
  readonly used: number;
  readonly usedMax: number;
  readonly idle: number;
  /** That it may have; 0 where there is no limit. */
  readonly limit: number;
  readonly pendingMax: number;
  readonly waits: Calls | null;
}

export interface CompilationRow {
  readonly library: string;
  readonly name: string;
  readonly made: number;
}

export interface CacheRow {
  readonly cache: string;
  readonly hits: number;
  readonly misses: number;
}

export interface RateLimitRow {
  readonly library: string;
  readonly allowed: number;
  readonly refused: number;
}

export interface OutboundRow extends Omit<Calls, 'names'> {
  readonly host: string;
  readonly port: string;
  /** Answered 5xx, or not at all. */
  readonly errors: number;
  /** That were given up after a time. */
  readonly timeouts: number;
  /** Connections opened to it; null where that is not recorded. */
  readonly connects: number | null;
}

export interface Runtime {
  readonly gc: readonly Calls[];
  /** Seconds of garbage collection per second of a process. */
  readonly gcShare: number;
  readonly heaps: readonly HeapRow[];
  readonly delay: Calls | null;
  /** Share of time that the event loop was not idle; null when it is not known. */
  readonly utilization: number | null;
}

/** The heap of one process over time. */
export interface HeapRow {
  readonly instance: string;
  readonly limit: number;
  /** The least in use in each step: what garbage collection left. */
  readonly points: readonly { readonly timeMs: number; readonly bytes: number }[];
}

/** `GET /orders`, as people write it. */
export function routeName(names: Readonly<Record<string, string>>): string {
  return `${names['http.request.method'] ?? ''} ${names['http.route'] ?? ''}`.trim();
}
