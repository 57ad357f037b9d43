/** The routes of views: answers put together from several queries. docs/reference/api.md describes them. */
import type { Hono } from 'hono';
import { breachesOf } from '../views/breaches.js';
import { budgetStates } from '../views/budget-states.js';
import { jobsOf } from '../views/jobs.js';
import { librariesOf } from '../views/libraries.js';
import { operationsOf } from '../views/operations.js';
import { queriesOf } from '../views/queries.js';
import { routesOf } from '../views/routes.js';
import { traceOf, tracesOf } from '../views/traces.js';
import type { ViewRequest, ViewSource } from '../views/view-request.js';
import { countedAnswer } from './counted-answer.js';
import { HttpError } from './http-error.js';
import { parseCounted, parseQueries, parseTraceId, parseTraces, parseView } from './parse-query.js';

export function addViewRoutes(app: Hono, source: ViewSource): void {
  const parameters = (url: string): URLSearchParams => new URL(url).searchParams;
  const ofPage = (url: string): ViewRequest => ({
    ...parseCounted(parameters(url), source),
    mayBeOld: true,
  });
  app.get('/v1/routes', async (context) => {
    const request = ofPage(context.req.url);
    return context.json(countedAnswer(request, await routesOf(source, request)));
  });
  app.get('/v1/operations', async (context) => {
    const request = ofPage(context.req.url);
    return context.json(countedAnswer(request, { modules: await operationsOf(source, request) }));
  });
  app.get('/v1/jobs', async (context) => {
    const request = ofPage(context.req.url);
    return context.json(countedAnswer(request, { jobs: await jobsOf(source, request) }));
  });
  app.get('/v1/queries', async (context) => {
    const { minMs, ...asked } = parseQueries(parameters(context.req.url), source);
    const request = { ...asked, mayBeOld: true };
    const queries = await queriesOf(source, request, minMs / 1000);
    return context.json(countedAnswer(request, { queries }));
  });
  app.get('/v1/budgets', async (context) => {
    const request = ofPage(context.req.url);
    return context.json(countedAnswer(request, { budgets: await budgetStates(source, request) }));
  });
  app.get('/v1/breaches', async (context) => {
    const request = parseView(parameters(context.req.url), source.now());
    return context.json({ breaches: await breachesOf(source, request) });
  });
  app.get('/v1/libraries', async (context) => {
    const request = parseView(parameters(context.req.url), source.now(), '-1d');
    return context.json(await librariesOf(source, request));
  });
  app.get('/v1/traces', async (context) => {
    const request = parseTraces(parameters(context.req.url), source.now());
    return context.json({ traces: await tracesOf(source, request) });
  });
  app.get('/v1/traces/:id', async (context) => {
    const traceId = parseTraceId(context.req.param('id'));
    const parts = await traceOf(source, traceId);
    if (parts.length > 0) return context.json({ traceId, parts });
    const message = 'no trace of that id was kept, or it is past the retention of 1 min rollups.';
    throw new HttpError(404, 'no_such_trace', message);
  });
}
