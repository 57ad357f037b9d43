/**
 * The routes that the dashboard is made of. Those that anybody may ask who names this host hold no data:
 * the page, its assets, and the log-in.
 */
import type { Hono } from 'hono';
import type { Dashboard } from '../dashboard/dashboard.js';
import { addPageRoutes } from '../dashboard/page-routes.js';
import { addSessionRoutes } from '../dashboard/session-routes.js';
import { addLiveRoutes } from '../live/live-routes.js';
import { heatmapOf } from '../views/heatmap.js';
import type { ViewSource } from '../views/view-request.js';
import { openApi } from './open-api.js';
import { parseHeatmap } from './parse-query.js';

/** Before the check of who may read. */
export function addDashboardRoutes(app: Hono, dashboard: Dashboard): void {
  addPageRoutes(app, dashboard.files);
  addSessionRoutes(app, dashboard);
}

/** After it. */
export function addDashboardDataRoutes(app: Hono, source: ViewSource, dashboard: Dashboard): void {
  addLiveRoutes(app, source, dashboard.live);
  app.get('/v1/heatmap', async (context) => {
    const request = parseHeatmap(new URL(context.req.url).searchParams, source.now());
    return context.json(await heatmapOf(source, request));
  });
  app.get('/v1/openapi.json', (context) => context.json(openApi()));
}
