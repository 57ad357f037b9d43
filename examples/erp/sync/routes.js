/** Starts a synchronisation between the modules. */
import express from 'express';
import { syncModules } from './sync-modules.js';

/** @param {import('../server.js').Erp} erp */
export function syncApi(erp) {
  const router = express.Router();
  router.post('/', async (_req, res) => {
    res.json(await syncModules(erp.pool, res.locals.user.id));
  });
  return router;
}
