/** The route of the pages' view. docs/reference/api.md describes the answer. */
import type { Hono } from 'hono';
import { frontendOf } from '../views/frontend.js';
import type { ViewSource } from '../views/view-request.js';
import { parseCounted } from './parse-query.js';

export function addFrontendRoutes(app: Hono, source: ViewSource): void {
  app.get('/v1/frontend', async (context) => {
    const request = parseCounted(new URL(context.req.url).searchParams, source);
    const { fromMs, toMs } = request;
    return context.json({ fromMs, toMs, ...(await frontendOf(source, request)) });
  });
}
