/** Events of the shop: kept traces, a line that blocks the event loop, budgets that were exceeded, libraries. */

import {
  MIDDLEWARE_DURATION,
  TEMPLATE_RENDER_DURATION,
} from '../../../src/shared/application-metrics.js';
import { DB_CLIENT_OPERATION_DURATION, QUERY_TEXT } from '../../../src/shared/database-metrics.js';
import {
  CODE_FILE,
  CODE_FUNCTION,
  CODE_LINE,
  STALL_DURATION,
  STALL_EVENT,
  STALL_ID,
  STALL_STATE,
} from '../../../src/shared/stall-event.js';
import type { BatchEvent } from '../../../src/transport/batch.js';
import { breachEvent } from '../../../src/transport/breach-event.js';
import { libraryEvent, uncoveredEvent } from '../../../src/transport/library-event.js';
import { type Trace, type TraceSpan, traceEvent } from '../../../src/transport/trace-event.js';
import { withStalls } from '../../../src/transport/trace-stalls.js';
import { attributesOf } from './points.js';
import type { ShopRoute } from './routes.js';
import { QUERIES } from './window.js';

export interface EventWindow {
  readonly startMs: number;
  readonly window: number;
  readonly windows: number;
  readonly routes: readonly ShopRoute[];
  readonly random: () => number;
  readonly instance: string;
}

/** A trace every so many windows. */
const TRACE_EVERY = 6;
const STALL_EVERY = 30;
const LOOP_SECONDS = 0.42;

export function shopEvents(of: EventWindow): BatchEvent[] {
  const { window, windows, startMs } = of;
  const events: BatchEvent[] = [];
  if (window % TRACE_EVERY === TRACE_EVERY - 1) events.push(keptTrace(of));
  if (window % STALL_EVERY === 2) events.push(stall(of));
  if (window === 0) events.push(...libraries(startMs));
  if (window === windows - 1) {
    events.push(
      breachEvent(
        {
          budget: 'response_time',
          value: 1900,
          limit: 500,
          unit: 'ms',
          count: 60,
          above: 41,
          attributes: { 'http.request.method': 'GET', 'http.route': '/reports/stock' },
        },
        startMs,
      ),
    );
  }
  return events;
}

/** Hash of the user whose request a window's trace is. */
export function userOf(window: number): string {
  return (window % 7).toString(16).repeat(16);
}

/** The id of a window's trace: known, so that a test can go there. */
export function traceIdOf(instance: string, window: number): string {
  const hex = [...`${instance} ${window}`].map((sign) =>
    sign.charCodeAt(0).toString(16).padStart(2, '0'),
  );
  return hex.join('').padEnd(32, '0').slice(-32);
}

function keptTrace({ startMs, window, routes, random, instance }: EventWindow): BatchEvent {
  const slow = routes.filter(({ queries }) => queries > 0);
  const route = slow[Math.floor(window / TRACE_EVERY) % slow.length]!;
  const durationUs = Math.round(route.middle * (2.5 + random()) * 1e6);
  const queries = Math.min(route.queries, 12);
  const isError = window % (TRACE_EVERY * 5) === TRACE_EVERY * 5 - 1;
  const trace: Trace = {
    timeMs: startMs + 4000,
    traceId: traceIdOf(instance, window),
    spanId: traceIdOf(instance, window).slice(0, 16),
    parentId: undefined,
    reason: isError ? 'error' : route.queries > 20 ? 'queries' : 'slow',
    attributes: {
      'http.request.method': route.method,
      'http.response.status_class': isError ? '5xx' : '2xx',
      'http.route': route.route,
      'user.hash': userOf(window),
    },
    durationUs,
    statusCode: isError ? 500 : 200,
    queries: route.queries,
    queryTimeUs: Math.round(durationUs * 0.6),
    middlewareTimeUs: Math.round(durationUs * 0.08),
    clientCalls: 0,
    cacheHits: 0,
    cacheMisses: 0,
    spans: spansOf(durationUs, queries),
    omitted: Math.max(0, route.queries - queries),
  };
  const event = traceEvent(trace);
  if (window % (TRACE_EVERY * 3) !== TRACE_EVERY - 1) return event;
  return withStalls(event, [
    {
      startUs: Math.round(durationUs * 0.75),
      durationUs: Math.round(durationUs * 0.2),
      place: { function: 'renderInvoice', file: 'src/invoice.js', line: 41, isApproximate: false },
    },
  ]);
}

function spansOf(durationUs: number, queries: number): TraceSpan[] {
  const at = (share: number): number => Math.round(durationUs * share);
  const middleware = (name: string, from: number, share: number): TraceSpan => ({
    name: MIDDLEWARE_DURATION.name,
    attributes: { 'code.function.name': name, 'tachograph.library': 'express' },
    startUs: at(from),
    durationUs: at(share),
    detail: -1,
  });
  const query = (i: number): TraceSpan => ({
    name: DB_CLIENT_OPERATION_DURATION.name,
    attributes: {
      'db.system.name': 'postgresql',
      [QUERY_TEXT]: QUERIES[i === 0 ? 0 : 1][0],
    },
    startUs: at(0.1 + (0.6 * i) / queries),
    durationUs: at(0.55 / queries),
    detail: i === 0 ? 23 : 1,
  });
  return [
    middleware('session', 0.01, 0.03),
    middleware('authenticate', 0.04, 0.05),
    ...Array.from({ length: queries }, (_, i) => query(i)),
    {
      name: TEMPLATE_RENDER_DURATION.name,
      attributes: { 'tachograph.library': 'ejs', 'tachograph.template.name': 'order.ejs' },
      startUs: at(0.74),
      durationUs: at(0.22),
      detail: -1,
    },
  ];
}

function stall({ startMs, window }: EventWindow): BatchEvent {
  const attributes = attributesOf({
    [CODE_FILE]: 'src/invoice.js',
    [CODE_FUNCTION]: 'renderInvoice',
    [CODE_LINE]: '41',
    [STALL_DURATION]: String(LOOP_SECONDS),
    [STALL_ID]: String(window),
    [STALL_STATE]: 'ended',
  });
  return { timeMs: startMs + 2000, name: STALL_EVENT, attributes };
}

function libraries(timeMs: number): BatchEvent[] {
  const row = {
    adapter: 'shimmer',
    tier: 'channel',
    probe: 'http',
    tested: '4 to 5',
    verdict: 'inside',
  };
  return [
    libraryEvent({ ...row, library: 'express', version: '5.3.0' }, timeMs),
    libraryEvent({ ...row, library: 'pg', version: '8.23.1' }, timeMs),
    uncoveredEvent(
      { system: 'redis', port: '6379', reason: 'no driver that is instrumented' },
      timeMs,
    ),
  ];
}
