/** Production for people and for programs. */
import express from 'express';
import { queryOne } from '../platform/database.js';
import { found } from '../platform/http-error.js';
import { PAGE, readFields, readId } from '../platform/validation.js';
import { advanceOrder } from './advance-order.js';
import { createProductionOrder } from './create-order.js';

const ROWS_PER_PAGE = 30;
const WORK_CENTERS = ['Mill', 'Lathe', 'Press', 'Assembly', 'Paint'];

/** @param {import('../server.js').Erp} erp */
export function productionPages(erp) {
  const router = express.Router();

  router.get('/orders', async (req, res) => {
    const { page } = readFields(req.query, { page: PAGE });
    const { rows } = await erp.pool.query(
      `SELECT o.id, o.quantity, o.status, o.work_center, o.due_on, p.name
       FROM production_orders o JOIN products p ON p.id = o.product_id
       ORDER BY o.id DESC LIMIT $1 OFFSET $2`,
      [ROWS_PER_PAGE, (page - 1) * ROWS_PER_PAGE],
    );
    const columns = [
      { key: 'id', label: 'Order', href: '/production/orders/' },
      { key: 'name', label: 'Product' },
      { key: 'quantity', label: 'Units', format: 'number' },
      { key: 'work_center', label: 'Work centre' },
      { key: 'due_on', label: 'Due', format: 'date' },
      { key: 'status', label: 'Status', format: 'status' },
    ];
    res.render('list', { title: 'Production orders', columns, rows, page });
  });

  router.get('/orders/:id', async (req, res) => {
    const id = readId(req.params.id);
    const order = found(await loadOrder(erp.pool, id), 'Production order');
    const parts = await erp.pool.query(
      `SELECT p.id, p.name, b.quantity * $2 AS needed FROM bill_of_materials b
       JOIN products p ON p.id = b.component_id WHERE b.product_id = $1 ORDER BY p.id`,
      [order.product_id, order.quantity],
    );
    const columns = [
      { key: 'name', label: 'Component', href: '/inventory/products/', hrefKey: 'id' },
      { key: 'needed', label: 'Needed', format: 'number' },
    ];
    res.render('detail', {
      title: `Production order ${id}`,
      facts: {
        Product: order.name,
        Units: order.quantity,
        'Work centre': order.work_center,
        Status: order.status,
      },
      tables: [{ title: 'Bill of materials', columns, rows: parts.rows }],
      actions: [{ label: 'Next state', post: `/production/orders/${id}/transition` }],
    });
  });

  router.post('/orders/:id/transition', async (req, res) => {
    const { id } = await advanceOrder(erp.pool, res.locals.user.id, readId(req.params.id));
    res.redirect(303, `/production/orders/${id}`);
  });

  return router;
}

/** @param {import('../server.js').Erp} erp */
export function productionApi(erp) {
  const router = express.Router();

  router.post('/orders', async (req, res) => {
    const { productId, quantity, workCenter } = readFields(req.body, {
      productId: { kind: 'integer' },
      quantity: { kind: 'integer', max: 500 },
      workCenter: { kind: 'choice', of: WORK_CENTERS },
    });
    const order = { productId, quantity, workCenter };
    res.status(201).json(await createProductionOrder(erp.pool, res.locals.user.id, order));
  });

  router.get('/orders/:id', async (req, res) => {
    res.json(found(await loadOrder(erp.pool, readId(req.params.id)), 'Production order'));
  });

  router.post('/orders/:id/transition', async (req, res) => {
    res.json(await advanceOrder(erp.pool, res.locals.user.id, readId(req.params.id)));
  });

  return router;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
function loadOrder(pool, id) {
  return queryOne(
    pool,
    `SELECT o.id, o.product_id, o.quantity, o.status, o.work_center, o.due_on, p.name
     FROM production_orders o JOIN products p ON p.id = o.product_id WHERE o.id = $1`,
    [id],
  );
}
