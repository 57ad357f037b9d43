/** `GET /v1/live`: kept traces as they arrive, and how the last minute went, as server-sent events. */
import type { Hono } from 'hono';
import { HttpError } from '../http/http-error.js';
import { parseLive } from '../http/parse-query.js';
import type { ViewSource } from '../views/view-request.js';
import { LISTENERS_MAX, type LiveBus } from './live-bus.js';
import { liveStream } from './live-stream.js';
import { liveTick } from './live-tick.js';

/** Half a window of the agents; far below the time after which a silent connection is closed. */
const TICK_MS = 5000;

const HEADERS = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };

export function addLiveRoutes(app: Hono, source: ViewSource, live: LiveBus): void {
  app.get('/v1/live', (context) => {
    // Nobody reads the body of an answer to HEAD: its stream would be held for ever.
    if (context.req.method === 'HEAD') return new Response(null, { headers: HEADERS });
    const filter = parseLive(new URL(context.req.url).searchParams);
    const stream = liveStream({
      live,
      filter,
      lastId: context.req.header('last-event-id'),
      tick: () => liveTick(source, filter.service),
      tickMs: TICK_MS,
    });
    if (stream === undefined) {
      const message = `${LISTENERS_MAX} listen already; close a page, or ask /v1/traces.`;
      throw new HttpError(503, 'too_many_listeners', message, { retryAfterSeconds: 10 });
    }
    return new Response(stream, { headers: HEADERS });
  });
}
