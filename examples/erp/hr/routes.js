/** HR for people and for programs. */
import express from 'express';
import { found, HttpError } from '../platform/http-error.js';
import { PAGE, readFields, readId } from '../platform/validation.js';
import { calculatePayroll } from './calculate-payroll.js';
import { listEmployees, loadEmployee, payslipsOf, reportsTo } from './queries.js';

const COLLEAGUE_COLUMNS = [
  { key: 'name', label: 'Name', href: '/hr/employees/', hrefKey: 'id' },
  { key: 'job_title', label: 'Position' },
];

/** @param {import('../server.js').Erp} erp */
export function hrPages(erp) {
  const router = express.Router();

  router.get('/employees', async (req, res) => {
    const { page } = readFields(req.query, { page: PAGE });
    const rows = await listEmployees(erp.pool, page);
    const columns = [
      ...COLLEAGUE_COLUMNS,
      { key: 'department', label: 'Department' },
      { key: 'hired_on', label: 'Hired', format: 'date' },
    ];
    res.render('list', { title: 'Employees', columns, rows, page });
  });

  router.get('/employees/:id', async (req, res) => {
    const id = readId(req.params.id);
    const employee = found(await loadEmployee(erp.pool, id), 'Employee');
    const columns = [
      { key: 'month', label: 'Month', format: 'date' },
      { key: 'gross_cents', label: 'Gross', format: 'money' },
      { key: 'tax_cents', label: 'Tax', format: 'money' },
      { key: 'net_cents', label: 'Net', format: 'money' },
    ];
    res.render('detail', {
      title: employee.name,
      facts: {
        Department: employee.department,
        Position: employee.job_title,
        'E-mail': employee.email,
      },
      tables: [{ title: 'Payslips', columns, rows: await payslipsOf(erp.pool, id) }],
      actions: [{ label: 'Organisation chart', href: `/hr/employees/${id}/chart` }],
    });
  });

  router.get('/employees/:id/chart', async (req, res) => {
    const id = readId(req.params.id);
    const employee = found(await loadEmployee(erp.pool, id), 'Employee');
    const manager = await loadEmployee(erp.pool, employee.manager_id);
    const team = await reportsTo(erp.pool, id);
    res.render('detail', {
      title: `Around ${employee.name}`,
      facts: { Manager: manager.name, Position: manager.job_title },
      tables: [{ title: 'Reports to them', columns: COLLEAGUE_COLUMNS, rows: team }],
      actions: [],
    });
  });

  return router;
}

/** @param {import('../server.js').Erp} erp */
export function hrApi(erp) {
  const router = express.Router();

  router.post('/payroll', async (req, res) => {
    const { role, id: userId } = res.locals.user;
    if (role !== 'hr' && role !== 'admin') throw new HttpError(403, 'Your role may not do this');
    const { departmentId, month } = readFields(req.body, {
      departmentId: { kind: 'integer', max: 100 },
      month: { kind: 'text', pattern: /^\d{4}-(0[1-9]|1[0-2])$/ },
    });
    res.status(201).json(await calculatePayroll(erp.pool, userId, { departmentId, month }));
  });

  return router;
}
