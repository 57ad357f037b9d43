/** Purchasing for people and for programs. */
import express from 'express';
import { queryOne } from '../platform/database.js';
import { found } from '../platform/http-error.js';
import { PAGE, readFields, readId } from '../platform/validation.js';
import { approveOrder } from './approve-order.js';
import { receiveGoods } from './receive-goods.js';

const ROWS_PER_PAGE = 30;

/** @param {import('../server.js').Erp} erp */
export function purchasingPages(erp) {
  const router = express.Router();

  router.get('/orders', async (req, res) => {
    const { page } = readFields(req.query, { page: PAGE });
    const { rows } = await erp.pool.query(
      `SELECT o.id, o.status, o.total_cents, o.created_at, s.name
       FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id
       ORDER BY o.id DESC LIMIT $1 OFFSET $2`,
      [ROWS_PER_PAGE, (page - 1) * ROWS_PER_PAGE],
    );
    const columns = [
      { key: 'id', label: 'Order', href: '/purchasing/orders/' },
      { key: 'name', label: 'Supplier' },
      { key: 'created_at', label: 'Created', format: 'date' },
      { key: 'total_cents', label: 'Total', format: 'money' },
      { key: 'status', label: 'Status', format: 'status' },
    ];
    res.render('list', { title: 'Purchase orders', columns, rows, page });
  });

  router.get('/orders/:id', async (req, res) => {
    const id = readId(req.params.id);
    const { order, lines } = await loadOrder(erp.pool, id);
    const columns = [
      { key: 'line', label: 'Line', format: 'number' },
      { key: 'name', label: 'Product', href: '/inventory/products/', hrefKey: 'product_id' },
      { key: 'quantity', label: 'Ordered', format: 'number' },
      { key: 'received', label: 'Received', format: 'number' },
      { key: 'cost_cents', label: 'Unit cost', format: 'money' },
    ];
    res.render('detail', {
      title: `Purchase order ${id}`,
      facts: {
        Supplier: order.name,
        Status: order.status,
        'Lead time (days)': order.lead_time_days,
      },
      tables: [{ title: 'Lines', columns, rows: lines }],
      actions:
        order.status === 'draft'
          ? [{ label: 'Approve', post: `/purchasing/orders/${id}/approve` }]
          : [],
    });
  });

  router.post('/orders/:id/approve', async (req, res) => {
    const { id } = await approveOrder(erp.pool, res.locals.user.id, readId(req.params.id));
    res.redirect(303, `/purchasing/orders/${id}`);
  });

  return router;
}

/** @param {import('../server.js').Erp} erp */
export function purchasingApi(erp) {
  const router = express.Router();

  router.get('/orders/:id', async (req, res) => {
    const { order, lines } = await loadOrder(erp.pool, readId(req.params.id));
    res.json({ ...order, lines });
  });

  router.post('/orders/:id/approve', async (req, res) => {
    res.json(await approveOrder(erp.pool, res.locals.user.id, readId(req.params.id)));
  });

  router.post('/orders/:id/receipts', async (req, res) => {
    const orderId = readId(req.params.id);
    const { line, quantity } = readFields(req.body, {
      line: { kind: 'integer', max: 50 },
      quantity: { kind: 'integer', max: 100_000 },
    });
    const delivery = { orderId, line, quantity };
    res.status(201).json(await receiveGoods(erp.pool, res.locals.user.id, delivery));
  });

  return router;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} id
 */
async function loadOrder(pool, id) {
  const order = found(
    await queryOne(
      pool,
      `SELECT o.id, o.status, o.total_cents, o.created_at, s.name, s.lead_time_days
       FROM purchase_orders o JOIN suppliers s ON s.id = o.supplier_id WHERE o.id = $1`,
      [id],
    ),
    'Purchase order',
  );
  const { rows: lines } = await pool.query(
    `SELECT l.line, l.product_id, l.quantity, l.received, l.cost_cents, p.name
     FROM purchase_order_lines l JOIN products p ON p.id = l.product_id
     WHERE l.order_id = $1 ORDER BY l.line`,
    [id],
  );
  return { order, lines };
}
