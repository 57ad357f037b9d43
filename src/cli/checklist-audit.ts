/** Items of the checklist that only the pages tell, filled in from an audit. Pure. */
import { AUDIT_ITEMS, type AuditItem, type AuditResult } from '../audit/audit-result.js';
import { savedBytesOf } from '../audit/saved-bytes.js';
import type { Checklist, ChecklistItem } from '../collector/checklist/checklist.js';
import { formatItems } from '../shared/format-items.js';
import { formatBytes } from './format-value.js';

const EVIDENCE_MAX = 5;

/** What is known from traffic and wants attention stays so: an audit adds to it. */
export function withAudit(lists: readonly Checklist[], audit: AuditResult): Checklist[] {
  return lists.map((list) => ({ ...list, items: list.items.map((item) => judged(item, audit)) }));
}

function judged(item: ChecklistItem, { findings, looked, target }: AuditResult): ChecklistItem {
  const name = AUDIT_ITEMS.find((one): one is AuditItem => one === item.item);
  if (name === undefined) return item;
  if (looked[name] === 0) {
    const reason = `Because the audit of ${target} saw none of it.`;
    return item.state === 'cannot tell' ? { ...item, reason } : item;
  }
  const found = findings.filter((finding) => finding.item === name);
  if (found.length === 0) {
    if (item.state !== 'cannot tell') return item;
    const reason = `The audit of ${target} found nothing (${formatItems(looked[name], 'thing')} looked at).`;
    return { ...item, state: 'ok', reason, evidence: item.evidence };
  }
  const saved = savedBytesOf(found);
  const bytes = saved > 0 ? `, ${formatBytes(saved)} to save` : '';
  const lines = found.map(({ where, text }) => `${where}: ${text}`);
  const known = item.state === 'attention' ? [item.reason, ...item.evidence] : [];
  return {
    ...item,
    state: 'attention',
    reason: `The audit of ${target} has ${formatItems(found.length, 'finding')}${bytes}.`,
    evidence: [...lines, ...known].slice(0, EVIDENCE_MAX),
  };
}
