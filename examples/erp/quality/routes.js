/** Quality for people and for programs. */
import express from 'express';
import { queryOne } from '../platform/database.js';
import { found } from '../platform/http-error.js';
import { PAGE, readFields, readId } from '../platform/validation.js';
import { completeCheck } from './complete-check.js';

const ROWS_PER_PAGE = 30;
const STATUSES = ['pending', 'passed', 'failed'];

/** @param {import('../server.js').Erp} erp */
export function qualityPages(erp) {
  const router = express.Router();

  router.get('/checks', async (req, res) => {
    const { page, status } = readFields(req.query, {
      page: PAGE,
      status: { kind: 'choice', of: STATUSES, default: 'pending' },
    });
    const { rows } = await erp.pool.query(
      `SELECT q.id, q.status, q.sample_size, q.defects, p.name
       FROM quality_checks q JOIN production_orders o ON o.id = q.production_order_id
       JOIN products p ON p.id = o.product_id
       WHERE q.status = $1 ORDER BY q.id LIMIT $2 OFFSET $3`,
      [status, ROWS_PER_PAGE, (page - 1) * ROWS_PER_PAGE],
    );
    const columns = [
      { key: 'id', label: 'Check', href: '/quality/checks/' },
      { key: 'name', label: 'Product' },
      { key: 'sample_size', label: 'Sample', format: 'number' },
      { key: 'defects', label: 'Defects', format: 'number' },
      { key: 'status', label: 'Status', format: 'status' },
    ];
    res.render('list', { title: 'Quality checks', columns, rows, page });
  });

  router.get('/checks/:id', async (req, res) => {
    const id = readId(req.params.id);
    const check = found(await loadCheck(erp.pool, id), 'Check');
    const facts = {
      Product: check.name,
      'Production order': check.production_order_id,
      Sample: check.sample_size,
      Defects: check.defects,
      Status: check.status,
    };
    const actions =
      check.status === 'pending'
        ? [{ label: 'Passed without defects', post: `/quality/checks/${id}/complete` }]
        : [];
    res.render('detail', { title: `Check ${id}`, facts, tables: [], actions });
  });

  router.post('/checks/:id/complete', async (req, res) => {
    const result = { checkId: readId(req.params.id), defects: 0 };
    const { id } = await completeCheck(erp.pool, res.locals.user.id, result);
    res.redirect(303, `/quality/checks/${id}`);
  });

  return router;
}

/** @param {import('../server.js').Erp} erp */
export function qualityApi(erp) {
  const router = express.Router();

  router.post('/checks/:id/complete', async (req, res) => {
    const { defects } = readFields(req.body, { defects: { kind: 'integer', min: 0, max: 1_000 } });
    const result = { checkId: readId(req.params.id), defects };
    res.json(await completeCheck(erp.pool, res.locals.user.id, result));
  });

  return router;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
function loadCheck(pool, id) {
  return queryOne(
    pool,
    `SELECT q.id, q.status, q.sample_size, q.defects, q.production_order_id, p.name
     FROM quality_checks q JOIN production_orders o ON o.id = q.production_order_id
     JOIN products p ON p.id = o.product_id WHERE q.id = $1`,
    [id],
  );
}
