/** What a visitor would not load if findings were mended. Pure. */
import type { AuditFinding } from './audit-result.js';

/** Of a file with several findings the largest saving alone: they are about the same bytes. */
export function savedBytesOf(
  findings: readonly Pick<AuditFinding, 'where' | 'savedBytes'>[],
): number {
  const byFile = new Map<string, number>();
  for (const { where, savedBytes } of findings) {
    byFile.set(where, Math.max(byFile.get(where) ?? 0, savedBytes));
  }
  return [...byFile.values()].reduce((sum, bytes) => sum + bytes, 0);
}
