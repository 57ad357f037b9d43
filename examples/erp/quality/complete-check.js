/** Business operation quality_check_workflow: takes a result, judges it, and sends bad lots back to production. */
import { recordAudit } from '../audit/record-audit.js';
import { inTransaction } from '../platform/database.js';
import { found, HttpError } from '../platform/http-error.js';

/** More defects than this share of the sample fail the lot. */
const DEFECT_SHARE_MAX = 0.1;

/**
 * @param {import('pg').Pool} pool
 * @param {number} userId
 * @param {{ checkId: number, defects: number }} result
 * @returns {Promise<{ id: number, status: 'passed' | 'failed', recentFailures: number }>}
 * @throws {HttpError} 400 when more units are defect than were looked at, 409 when it is complete already.
 */
export function completeCheck(pool, userId, { checkId, defects }) {
  return inTransaction(pool, async (client) => {
    const check = await lockPendingCheck(client, checkId);
    if (defects > check.sample_size) {
      throw new HttpError(400, 'Please check the input', { defects: 'more than the sample' });
    }
    const status = defects / check.sample_size > DEFECT_SHARE_MAX ? 'failed' : 'passed';
    await client.query(
      'UPDATE quality_checks SET status = $2, defects = $3, checked_at = now() WHERE id = $1',
      [checkId, status, defects],
    );
    const history = await client.query(
      `SELECT count(*)::int AS failures FROM quality_checks q
       JOIN production_orders o ON o.id = q.production_order_id
       WHERE o.product_id = $1 AND q.status = 'failed'`,
      [check.product_id],
    );
    if (status === 'failed') {
      await client.query(`UPDATE production_orders SET status = 'planned' WHERE id = $1`, [
        check.production_order_id,
      ]);
    }
    const entity = 'quality_check';
    const details = { status, defects };
    await recordAudit(client, { userId, action: 'update', entity, entityId: checkId, details });
    return { id: checkId, status, recentFailures: history.rows[0].failures };
  });
}

/**
 * @param {import('pg').PoolClient} client
 * @param {number} checkId
 */
async function lockPendingCheck(client, checkId) {
  const { rows } = await client.query(
    `SELECT q.id, q.status, q.sample_size, q.production_order_id, o.product_id FROM quality_checks q
     JOIN production_orders o ON o.id = q.production_order_id WHERE q.id = $1 FOR UPDATE OF q`,
    [checkId],
  );
  const check = found(rows[0], 'Check');
  if (check.status !== 'pending') throw new HttpError(409, `Check ${checkId} is ${check.status}`);
  return check;
}
