/** What HR reads. */
import { queryOne } from '../platform/database.js';

const ROWS_PER_PAGE = 40;

/**
 * @param {import('pg').Pool} pool
 * @param {number} page
 */
export async function listEmployees(pool, page) {
  const { rows } = await pool.query(
    `SELECT e.id, e.name, e.job_title, e.hired_on, d.name AS department
     FROM employees e JOIN departments d ON d.id = e.department_id
     ORDER BY e.name, e.id LIMIT $1 OFFSET $2`,
    [ROWS_PER_PAGE, (page - 1) * ROWS_PER_PAGE],
  );
  return rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number | null} id
 */
export function loadEmployee(pool, id) {
  return queryOne(
    pool,
    `SELECT e.id, e.name, e.email, e.job_title, e.manager_id, e.monthly_salary_cents, e.hired_on,
       d.name AS department
     FROM employees e JOIN departments d ON d.id = e.department_id WHERE e.id = $1`,
    [id],
  );
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} employeeId
 */
export async function payslipsOf(pool, employeeId) {
  const { rows } = await pool.query(
    `SELECT month, gross_cents, tax_cents, net_cents FROM payslips
     WHERE employee_id = $1 ORDER BY month DESC LIMIT 12`,
    [employeeId],
  );
  return rows;
}

/**
 * @param {import('pg').Pool} pool
 * @param {number} managerId
 */
export async function reportsTo(pool, managerId) {
  const { rows } = await pool.query(
    'SELECT id, name, job_title FROM employees WHERE manager_id = $1 ORDER BY name LIMIT 60',
    [managerId],
  );
  return rows;
}
