/** Sales for people. */
import express from 'express';
import { cached } from '../platform/cache.js';
import { found, HttpError } from '../platform/http-error.js';
import { PAGE, readFields, readId } from '../platform/validation.js';
import { createOrder, readOrder } from './create-order.js';
import { loadOrderPage } from './load-order-page.js';
import { processOrder } from './process-order.js';
import { listOrders, loadCustomer, openBalanceCents, recentOrdersOfCustomer } from './queries.js';

const STATUSES = ['all', 'open', 'shipped', 'cancelled'];

/** @param {import('../server.js').Erp} erp */
export function salesPages(erp) {
  const router = express.Router();

  router.get('/orders', async (req, res) => {
    const filter = readFields(req.query, {
      page: PAGE,
      status: { kind: 'choice', of: STATUSES, default: 'all' },
    });
    const orders = await listOrders(erp.pool, { page: filter.page, status: filter.status });
    res.render('sales-orders', { title: 'Sales orders', orders, ...filter, statuses: STATUSES });
  });

  router.get('/orders/new', (_req, res) => {
    res.render('order-form', { title: 'New order', fields: {}, input: {} });
  });

  router.post('/orders', async (req, res) => {
    const { customerId, productId, quantity } = req.body ?? {};
    try {
      const order = readOrder({ customerId, lines: [{ productId, quantity }] });
      const { id } = await createOrder(erp.pool, res.locals.user.id, order);
      res.redirect(303, `/sales/orders/${id}`);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const { fields, message } = error;
      res.status(error.status);
      res.render('order-form', { title: 'New order', fields, problem: message, input: req.body });
    }
  });

  router.get('/orders/:id', async (req, res) => {
    const page = await loadOrderPage(erp.pool, readId(req.params.id));
    res.render('sales-order', { title: `Order ${page.order.id}`, ...page });
  });

  router.post('/orders/:id/process', async (req, res) => {
    const { id } = await processOrder(erp, res.locals.user.id, readId(req.params.id));
    res.redirect(303, `/sales/orders/${id}`);
  });

  router.get('/customers/:id', async (req, res) => {
    const id = readId(req.params.id);
    const customer = found(
      await cached(erp.cache, `customer:${id}`, () => loadCustomer(erp.pool, id)),
      'Customer',
    );
    const [openCents, orders] = await Promise.all([
      openBalanceCents(erp.pool, id),
      recentOrdersOfCustomer(erp.pool, id),
    ]);
    res.render('detail', { title: customer.name, ...customerDetail(customer, openCents, orders) });
  });

  return router;
}

/**
 * @param {Record<string, any>} customer
 * @param {number} openCents
 * @param {Record<string, any>[]} orders
 */
function customerDetail(customer, openCents, orders) {
  const columns = [
    { key: 'id', label: 'Order', href: '/sales/orders/' },
    { key: 'status', label: 'Status', format: 'status' },
    { key: 'ordered_at', label: 'Ordered', format: 'date' },
    { key: 'total_cents', label: 'Total', format: 'money' },
  ];
  return {
    facts: {
      'E-mail': customer.email,
      City: `${customer.city}, ${customer.country}`,
      'Credit limit (€)': Math.round(customer.credit_limit_cents / 100),
      'Unpaid (€)': Math.round(openCents / 100),
    },
    tables: [{ title: 'Latest orders', columns, rows: orders }],
    actions: [{ label: 'Statement', href: `/finance/statements/${customer.id}` }],
  };
}
