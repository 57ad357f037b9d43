/** For administrators: the audit log, and how cache and pool are doing. */
import express from 'express';
import { PAGE, readFields } from '../platform/validation.js';

const ROWS_PER_PAGE = 50;

/** @param {import('../server.js').Erp} erp */
export function adminPages(erp) {
  const router = express.Router();

  router.get('/', (_req, res) => {
    const { pool, cache } = erp;
    const facts = {
      'Connections open': pool.totalCount,
      'Connections idle': pool.idleCount,
      'Requests waiting for a connection': pool.waitingCount,
      'Cache entries': cache.size,
      'Up for (s)': Math.round(process.uptime()),
    };
    res.render('detail', { title: 'Administration', facts, tables: [], actions: [] });
  });

  router.get('/audit', async (req, res) => {
    const { page } = readFields(req.query, { page: PAGE });
    const { rows } = await erp.pool.query(
      `SELECT a.id, a.action, a.entity, a.entity_id, a.logged_at, u.email
       FROM audit_log a JOIN users u ON u.id = a.user_id
       ORDER BY a.id DESC LIMIT $1 OFFSET $2`,
      [ROWS_PER_PAGE, (page - 1) * ROWS_PER_PAGE],
    );
    const columns = [
      { key: 'id', label: 'No.', format: 'number' },
      { key: 'email', label: 'User' },
      { key: 'action', label: 'Action' },
      { key: 'entity', label: 'What' },
      { key: 'entity_id', label: 'Id', format: 'number' },
      { key: 'logged_at', label: 'When', format: 'date' },
    ];
    res.render('list', { title: 'Audit log', columns, rows, page });
  });

  return router;
}
