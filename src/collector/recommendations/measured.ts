/** What a recommendation's subject took in a range, and the traffic it took it for: before and after a fix. Pure. */
import type { Evidence } from './evidence/evidence.js';
import { TEMPLATE_NAME } from './evidence/gather-layers.js';
import type { Measure } from './recommendation.js';

export interface Measured {
  /** Seconds. */
  readonly total: number;
  /** Requests that it is the time of: of the route, else of the service. */
  readonly traffic: number;
}

export function measuredIn(evidence: Evidence, measure: Measure): Measured {
  const { routes, queries, layers, requests, jobs } = evidence;
  switch (measure.kind) {
    case 'route': {
      const row = routes.find(
        ({ method, route }) => method === measure.method && route === measure.route,
      );
      return { total: row?.total ?? 0, traffic: row?.calls ?? 0 };
    }
    case 'query': {
      const rows = queries.filter(({ text }) => text === measure.text);
      return { total: rows.reduce((sum, { total }) => sum + total, 0), traffic: requests };
    }
    case 'template': {
      const rows = layers.templates.filter(({ names }) => names[TEMPLATE_NAME] === measure.name);
      return { total: rows.reduce((sum, { total }) => sum + total, 0), traffic: requests };
    }
    case 'service': {
      const ofRoutes = routes.reduce((sum, { total }) => sum + total, 0);
      const ofJobs = jobs.reduce((sum, { total }) => sum + total, 0);
      const runs = jobs.reduce((sum, { calls }) => sum + calls, 0);
      return { total: ofRoutes + ofJobs, traffic: requests + runs };
    }
  }
}
