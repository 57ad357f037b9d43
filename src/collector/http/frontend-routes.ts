/** The route of the pages' view. docs/reference/api.md describes the answer. */
import type { Hono } from 'hono';
import { frontendOf } from '../views/frontend.js';
import type { ViewSource } from '../views/view-request.js';
import { countedAnswer } from './counted-answer.js';
import { parseCounted } from './parse-query.js';

export function addFrontendRoutes(app: Hono, source: ViewSource): void {
  app.get('/v1/frontend', async (context) => {
    const request = parseCounted(new URL(context.req.url).searchParams, source);
    return context.json(countedAnswer(request, await frontendOf(source, request)));
  });
}
