/** Business operation hr_payroll_calculation: payslips of one department for one month, replacing earlier ones. */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';
import { HttpError } from '../platform/http-error.js';

const OVERTIME_FACTOR = 1.25;
const HOURS_A_MONTH = 160;
/** Tax in percent by tax class, 1 to 5. */
const TAX_PERCENT = [0, 32, 28, 19, 30, 38];

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {{ departmentId: number, month: string }} run month as 2026-10.
 * @returns {Promise<{ payslips: number, netCents: number }>}
 */
export function calculatePayroll(pool, userId, { departmentId, month }) {
  return inTransaction(pool, async (client) => {
    const firstDay = `${month}-01`;
    const { rows: employees } = await client.query(
      `SELECT e.id, e.monthly_salary_cents, e.tax_class, coalesce(sum(a.overtime_hours), 0)::float8 AS overtime_hours
       FROM employees e LEFT JOIN attendance a ON a.employee_id = e.id
         AND a.day >= $2::date AND a.day < $2::date + interval '1 month'
       WHERE e.department_id = $1 GROUP BY e.id ORDER BY e.id`,
      [departmentId, firstDay],
    );
    if (employees.length === 0) throw new HttpError(404, 'Department not found');
    await client.query('DELETE FROM payslips WHERE month = $2 AND employee_id = ANY ($1)', [
      employees.map((employee) => employee.id),
      firstDay,
    ]);
    let netCents = 0;
    for (const employee of employees) {
      const slip = payslip(employee);
      await client.query(
        `INSERT INTO payslips (employee_id, month, gross_cents, tax_cents, net_cents)
         VALUES ($1, $2, $3, $4, $5)`,
        [employee.id, firstDay, slip.grossCents, slip.taxCents, slip.netCents],
      );
      netCents += slip.netCents;
    }
    const details = { month, departmentId };
    const entry = { userId, action: 'update', entity: 'payroll', entityId: departmentId, details };
    await recordAudit(client, entry);
    return { payslips: employees.length, netCents };
  });
}

/** @param {{ monthly_salary_cents: number, tax_class: number, overtime_hours: number }} employee */
function payslip(employee) {
  const hourCents = employee.monthly_salary_cents / HOURS_A_MONTH;
  const overtimeCents = Math.round(employee.overtime_hours * hourCents * OVERTIME_FACTOR);
  const grossCents = employee.monthly_salary_cents + overtimeCents;
  const taxCents = Math.round((grossCents * (TAX_PERCENT[employee.tax_class] ?? 38)) / 100);
  return { grossCents, taxCents, netCents: grossCents - taxCents };
}
