/** What `tachograph audit --json FILE` wrote, read and checked: people may name any file. */
import { AUDIT_ITEMS, AUDIT_VERSION, type AuditResult } from '../audit/audit-result.js';
import { readSmallFile } from '../shared/small-file.js';
import { UsageError } from './exit-codes.js';

/** @throws {UsageError} */
export function readAudit(path: string): AuditResult {
  let result: Partial<AuditResult>;
  try {
    result = JSON.parse(readSmallFile(path)) as Partial<AuditResult>;
  } catch (error) {
    throw new UsageError(`--audit ${path}: ${(error as Error).message}.`);
  }
  const { version, findings, looked } = result ?? {};
  const isWhole =
    version === AUDIT_VERSION &&
    Array.isArray(findings) &&
    findings.every(({ item, text }) => AUDIT_ITEMS.includes(item) && typeof text === 'string') &&
    AUDIT_ITEMS.every((item) => Number.isFinite(looked?.[item]));
  if (isWhole) return result as AuditResult;
  throw new UsageError(
    `--audit ${path}: expected what "tachograph audit TARGET --json FILE" writes, got other JSON.`,
  );
}
