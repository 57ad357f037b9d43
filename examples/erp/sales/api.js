/** Sales for programs. Lines have a router of their own, mounted under the order's path. */
import express from 'express';
import { found } from '../platform/http-error.js';
import { readFields, readId } from '../platform/validation.js';
import { createOrder, readOrder } from './create-order.js';
import { processOrder, ratesForOrder } from './process-order.js';
import { allCustomers, loadCustomer, loadOrder, loadOrderLine, loadOrderLines } from './queries.js';

/** @param {import('../server.js').Erp} erp */
export function salesApi(erp) {
  const router = express.Router();

  router.post('/orders', async (req, res) => {
    const order = await createOrder(erp.pool, res.locals.user.id, readOrder(req.body ?? {}));
    res.status(201).location(`/api/v1/sales/orders/${order.id}`).json(order);
  });

  router.get('/orders/:id', async (req, res) => {
    const id = readId(req.params.id);
    const order = found(await loadOrder(erp.pool, id), 'Order');
    const [customer, lines] = await Promise.all([
      loadCustomer(erp.pool, order.customer_id),
      loadOrderLines(erp.pool, id),
    ]);
    res.json({ ...order, customer, lines });
  });

  router.post('/orders/:id/process', async (req, res) => {
    res.json(await processOrder(erp, res.locals.user.id, readId(req.params.id)));
  });

  router.get('/orders/:id/rates', async (req, res) => {
    res.json({ rates: await ratesForOrder(erp, readId(req.params.id)) });
  });

  router.use('/orders/:id/lines', linesApi(erp));

  router.get('/customers', async (_req, res) => {
    res.json({ customers: await allCustomers(erp.pool) });
  });

  return router;
}

/** @param {import('../server.js').Erp} erp */
function linesApi(erp) {
  const router = express.Router({ mergeParams: true });

  router.get('/:line', async (req, res) => {
    /** @type {Record<string, string>} */
    const params = req.params;
    const { id, line } = readFields(params, {
      id: { kind: 'integer' },
      line: { kind: 'integer', max: 50 },
    });
    res.json(found(await loadOrderLine(erp.pool, id, line), 'Line'));
  });

  return router;
}
