/** The front page and its figures as JSON; both share the cached aggregation. */
import express from 'express';
import { cached } from '../platform/cache.js';
import { requireUser } from '../platform/sign-in.js';
import { aggregateDashboard } from './aggregate-dashboard.js';

const FIGURES_AGE_MS_MAX = 3_000;

/** @param {import('../server.js').Erp} erp */
export function dashboardPages(erp) {
  const router = express.Router();
  router.get('/', requireUser, async (_req, res) => {
    res.render('dashboard', { title: 'Dashboard', figures: await figures(erp) });
  });
  return router;
}

/** @param {import('../server.js').Erp} erp */
export function dashboardApi(erp) {
  const router = express.Router();
  router.get('/', async (_req, res) => {
    res.json(await figures(erp));
  });
  return router;
}

/** @param {import('../server.js').Erp} erp */
function figures(erp) {
  return cached(erp.cache, 'dashboard', () => aggregateDashboard(erp.pool), FIGURES_AGE_MS_MAX);
}
