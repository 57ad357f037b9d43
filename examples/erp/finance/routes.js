/** Finance for people and for programs. */
import express from 'express';
import { PAGE, readFields, readId } from '../platform/validation.js';
import { forecastMargin } from './forecast-margin.js';
import { generateReport } from './generate-report.js';
import { renderStatement } from './statement.js';

const ROWS_PER_PAGE = 40;

/** @type {import('../platform/validation.js').Rule} */
const MONTHS = { kind: 'integer', max: 24, default: 12 };

/** @param {import('../server.js').Erp} erp */
export function financePages(erp) {
  const router = express.Router();

  router.get('/reports/profit-and-loss', async (req, res) => {
    const { months } = readFields(req.query, { months: MONTHS });
    const report = await generateReport(erp.pool, months);
    res.render('report', { title: 'Profit and loss', report });
  });

  router.get('/forecast', async (_req, res) => {
    const forecast = await forecastMargin(erp.pool);
    res.render('detail', {
      title: 'Margin forecast, next quarter',
      facts: {
        'Cautious (p10), €': Math.round(forecast.p10Cents / 100),
        'Likely (p50), €': Math.round(forecast.p50Cents / 100),
        'Optimistic (p90), €': Math.round(forecast.p90Cents / 100),
        'Simulated quarters': forecast.runs,
      },
      tables: [],
      actions: [],
    });
  });

  router.get('/ledger', async (req, res) => {
    const { page } = readFields(req.query, { page: PAGE });
    const { rows } = await erp.pool.query(
      `SELECT e.id, e.booked_on, e.account, a.name, e.amount_cents, e.source
       FROM ledger_entries e JOIN accounts a ON a.code = e.account
       ORDER BY e.booked_on DESC, e.id DESC LIMIT $1 OFFSET $2`,
      [ROWS_PER_PAGE, (page - 1) * ROWS_PER_PAGE],
    );
    const columns = [
      { key: 'booked_on', label: 'Date', format: 'date' },
      { key: 'account', label: 'Account', format: 'text' },
      { key: 'name', label: 'Name' },
      { key: 'source', label: 'Source' },
      { key: 'amount_cents', label: 'Amount', format: 'money' },
    ];
    res.render('list', { title: 'Ledger', columns, rows, page });
  });

  router.get('/statements/:customerId', async (req, res) => {
    res.type('html').send(await renderStatement(erp.pool, readId(req.params.customerId)));
  });

  return router;
}

/** @param {import('../server.js').Erp} erp */
export function financeApi(erp) {
  const router = express.Router();
  router.get('/reports/profit-and-loss', async (req, res) => {
    const { months } = readFields(req.query, { months: MONTHS });
    res.json(await generateReport(erp.pool, months));
  });
  return router;
}
