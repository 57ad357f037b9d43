/** Who did what to which thing. Called inside the transaction that did it, so that both stand or fall together. */

/**
 * @param {import('pg').Pool | import('pg').PoolClient} database
 * @param {{ userId: number, action: string, entity: string, entityId: number, details?: object }} entry
 * @returns {Promise<number>} The id of the entry.
 */
export async function recordAudit(database, { userId, action, entity, entityId, details = {} }) {
  const { rows } = await database.query(
    `INSERT INTO audit_log (user_id, action, entity, entity_id, details, logged_at)
     VALUES ($1, $2, $3, $4, $5, now()) RETURNING id`,
    [userId, action, entity, entityId, details],
  );
  return rows[0].id;
}

/**
 * @param {import('pg').Pool} pool
 * @param {string} entity
 * @param {number} entityId
 */
export async function auditTrail(pool, entity, entityId) {
  const { rows } = await pool.query(
    `SELECT a.action, a.logged_at, e.name AS user_name FROM audit_log a
     JOIN users u ON u.id = a.user_id JOIN employees e ON e.id = u.employee_id
     WHERE a.entity = $1 AND a.entity_id = $2 ORDER BY a.id DESC LIMIT 10`,
    [entity, entityId],
  );
  return rows;
}
