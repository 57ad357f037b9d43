/** Inventory for people and for programs (hand scanners). */
import express from 'express';
import { cached } from '../platform/cache.js';
import { found, HttpError } from '../platform/http-error.js';
import { PAGE, readFields, readId } from '../platform/validation.js';
import { calculateInventory } from './calculate-inventory.js';
import { moveStock } from './move-stock.js';
import { loadProductPage } from './product-page.js';
import {
  belowReorderPoint,
  listProducts,
  movementsOfLot,
  productByBarcode,
  stockByWarehouse,
} from './queries.js';

const LOT = /^[LPS]\d{1,9}$/;

/** @param {import('../server.js').Erp} erp */
export function inventoryPages(erp) {
  const router = express.Router();

  router.get('/products', async (req, res) => {
    const { page, search } = readFields(req.query, {
      page: PAGE,
      search: { kind: 'text', lengthMax: 60, default: '' },
    });
    const rows = await listProducts(erp.pool, { page, search });
    const columns = [
      { key: 'sku', label: 'Article', href: '/inventory/products/', hrefKey: 'id' },
      { key: 'name', label: 'Name' },
      { key: 'category', label: 'Category' },
      { key: 'price_cents', label: 'Price', format: 'money' },
    ];
    res.render('list', { title: 'Products', columns, rows, page, search });
  });

  router.get('/products/:id', async (req, res) => {
    const page = await loadProductPage(erp.pool, readId(req.params.id));
    res.render('product', { title: page.product.name, ...page });
  });

  router.get('/lots/:lot', async (req, res) => {
    const { lot } = readFields(req.params, { lot: { kind: 'text', pattern: LOT } });
    const rows = await movementsOfLot(erp.pool, lot);
    const columns = [
      { key: 'moved_at', label: 'When', format: 'date' },
      { key: 'name', label: 'Product', href: '/inventory/products/', hrefKey: 'product_id' },
      { key: 'code', label: 'Warehouse' },
      { key: 'reason', label: 'Reason' },
      { key: 'quantity', label: 'Units', format: 'number' },
    ];
    res.render('list', { title: `Lot ${lot}`, columns, rows });
  });

  router.get('/reorder', async (_req, res) => {
    const rows = await belowReorderPoint(erp.pool);
    const columns = [
      { key: 'sku', label: 'Article', href: '/inventory/products/', hrefKey: 'id' },
      { key: 'name', label: 'Name' },
      { key: 'quantity', label: 'On hand', format: 'number' },
      { key: 'reorder_point', label: 'Reorder point', format: 'number' },
    ];
    res.render('list', { title: 'Running low', columns, rows });
  });

  return router;
}

/** @param {import('../server.js').Erp} erp */
export function inventoryApi(erp) {
  const router = express.Router();

  router.get('/valuation', async (_req, res) => {
    res.json({ warehouses: await calculateInventory(erp.pool) });
  });

  router.get('/barcodes/:code', async (req, res) => {
    const { code } = req.params;
    if (!/^\d{8,14}$/.test(code)) throw new HttpError(400, 'A barcode has 8 to 14 digits');
    const product = found(
      await cached(erp.cache, `barcode:${code}`, () => productByBarcode(erp.pool, code)),
      'Product',
    );
    res.json({ ...product, stock: await stockByWarehouse(erp.pool, product.id) });
  });

  router.post('/movements', async (req, res) => {
    const movement = readFields(req.body, {
      productId: { kind: 'integer' },
      from: { kind: 'integer', max: 3 },
      to: { kind: 'integer', max: 3 },
      quantity: { kind: 'integer', max: 1_000 },
    });
    const { productId, from, to, quantity } = movement;
    await moveStock(erp.pool, res.locals.user.id, { productId, from, to, quantity });
    res.status(201).json(movement);
  });

  return router;
}
