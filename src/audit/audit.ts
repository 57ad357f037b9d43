/** Every check over what was read, the findings that save most first. Bounded in time by `signal`. */
import {
  AUDIT_ITEMS,
  AUDIT_VERSION,
  type AuditFinding,
  type AuditItem,
  type AuditResult,
} from './audit-result.js';
import { blocking } from './checks/blocking.js';
import { bundling } from './checks/bundling.js';
import { fonts } from './checks/fonts.js';
import { images } from './checks/images.js';
import { minified } from './checks/minified.js';
import { served } from './checks/served.js';
import { thirdParty } from './checks/third-party.js';
import { manifest, serviceWorker } from './checks/web-app.js';
import type { Subject } from './subject.js';

const FINDINGS_MAX = 500;
/** The beginning of a text of a page that might be long. */
const TEXT_LENGTH_MAX = 300;

export async function audit(subject: Subject, signal: AbortSignal): Promise<AuditResult> {
  const checked = [
    await minified(subject, signal),
    served(subject),
    images(subject),
    blocking(subject),
    fonts(subject),
    manifest(subject),
    serviceWorker(subject),
    bundling(subject),
    thirdParty(subject),
  ];
  const findings = checked.flatMap(({ item, findings: found }) =>
    found.map((finding): AuditFinding => ({ item, ...finding, ...cutTexts(finding) })),
  );
  const looked = Object.fromEntries(AUDIT_ITEMS.map((item) => [item, 0])) as Record<
    AuditItem,
    number
  >;
  for (const one of checked) looked[one.item] += one.looked;
  const { target, kind, pages, assets, omitted } = subject;
  return {
    version: AUDIT_VERSION,
    target,
    kind,
    pages: pages.length,
    files: assets.length,
    bytes: assets.reduce((sum, { bytes }) => sum + bytes.length, 0),
    findings: findings.sort((a, b) => b.savedBytes - a.savedBytes).slice(0, FINDINGS_MAX),
    looked,
    omitted: signal.aborted ? [...omitted, 'what was not reached in time'] : omitted,
  };
}

function cutTexts({ where, text }: { where: string; text: string }) {
  return { where: where.slice(0, TEXT_LENGTH_MAX), text: text.slice(0, TEXT_LENGTH_MAX) };
}
