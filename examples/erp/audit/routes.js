/** The audit log for programs: business operation audit_log_creation. */
import express from 'express';
import { readFields, readId } from '../platform/validation.js';
import { auditTrail, recordAudit } from './record-audit.js';

const ENTITIES = ['sales_order', 'product', 'purchase_order', 'production_order', 'quality_check'];
const ACTIONS = ['create', 'update', 'approve', 'view', 'export'];

/** @param {import('../server.js').Erp} erp */
export function auditApi(erp) {
  const router = express.Router();

  router.post('/entries', async (req, res) => {
    const { entity, entityId, action } = readFields(req.body, {
      entity: { kind: 'choice', of: ENTITIES },
      entityId: { kind: 'integer' },
      action: { kind: 'choice', of: ACTIONS },
    });
    const id = await recordAudit(erp.pool, {
      userId: res.locals.user.id,
      entity,
      entityId,
      action,
      details: { agent: req.get('user-agent') ?? '' },
    });
    res.status(201).json({ id });
  });

  router.get('/entries/:entity/:id', async (req, res) => {
    const { entity } = readFields(req.params, { entity: { kind: 'choice', of: ENTITIES } });
    res.json({ entries: await auditTrail(erp.pool, entity, readId(req.params.id)) });
  });

  return router;
}
