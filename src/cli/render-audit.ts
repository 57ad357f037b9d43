/** What an audit says, for a terminal and as Markdown. Pure. */
import type { AuditFinding, AuditResult } from '../audit/audit-result.js';
import { savedBytesOf } from '../audit/saved-bytes.js';
import { formatItems } from '../shared/format-items.js';
import { formatBytes, safeName } from './format-value.js';
import { escapedMarkdown, wrapped } from './report-format.js';
import type { Paint } from './table.js';

const TITLES: Readonly<Record<string, string>> = {
  not_minified: 'Not minified',
  not_compressed: 'Not compressed',
  not_cached: 'Not kept by browsers',
  wrong_type: 'Served as something else',
  image_too_large: 'Image larger than shown',
  image_old_format: 'Image in an old format',
  image_without_size: 'Images without a size',
  image_not_lazy: 'Images loaded before they are seen',
  blocking_script: 'Scripts in the way of the first picture',
  no_critical_css: 'Styles in the way of the first picture',
  font_display: 'Text invisible until its font comes',
  font_format: 'Font in an old format',
  font_preload: 'Fonts found late',
  no_manifest: 'No manifest',
  no_service_worker: 'No service worker',
  many_files: 'Many files',
  third_party: 'Scripts from elsewhere',
};
/** Of one kind; the others are a number. */
const SHOWN_MAX = 8;
const INDENT = '    ';

export function humanAudit(result: AuditResult, width: number, paint: Paint): string {
  const lines = [
    ...summaryOf(result).map(safeName),
    ...byKind(result.findings).flatMap(([kind, findings]) => [
      '',
      `${paint('bold', TITLES[kind] ?? kind)}  ${paint('dim', savedText(findings))}`,
      ...findings
        .slice(0, SHOWN_MAX)
        .flatMap(({ where, text }) => [`  ${safeName(where)}`, ...wrapped(text, width, INDENT)]),
      ...(findings.length > SHOWN_MAX ? [`  … and ${findings.length - SHOWN_MAX} more`] : []),
      ...wrapped(`Fix: ${findings[0]!.fix}`, width, '  ').map((line) => paint('green', line)),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

export function markdownAudit(result: AuditResult): string {
  const lines = byKind(result.findings).flatMap(([kind, findings]) => [
    `## ${escapedMarkdown(TITLES[kind] ?? kind)}`,
    '',
    savedText(findings),
    '',
    ...findings.map(
      ({ where, text }) => `- **${escapedMarkdown(where)}**: ${escapedMarkdown(text)}`,
    ),
    '',
    `Fix: ${escapedMarkdown(findings[0]!.fix)}`,
    '',
  ]);
  const summary = summaryOf(result).map((line) => `- ${escapedMarkdown(line)}`);
  return ['# Audit', '', ...summary, '', ...lines].join('\n');
}

function summaryOf({ target, pages, files, bytes, findings, omitted }: AuditResult): string[] {
  const saved = savedBytesOf(findings);
  const bytesText = saved === 0 ? '' : `; about ${formatBytes(saved)} need not be loaded`;
  return [
    `${target}: ${formatItems(pages, 'page')}, ${formatItems(files, 'file')}, ${formatBytes(bytes)}.`,
    findings.length === 0
      ? 'Nothing found.'
      : `${formatItems(findings.length, 'finding')}${bytesText}.`,
    ...omitted.slice(0, SHOWN_MAX).map((text) => `Left out: ${text}.`),
  ];
}

function savedText(findings: readonly AuditFinding[]): string {
  const saved = savedBytesOf(findings);
  return saved > 0 ? `${formatBytes(saved)} to save` : formatItems(findings.length, 'place');
}

/** Kinds in the order of their first finding: what saves most comes first. */
function byKind(findings: readonly AuditFinding[]): [kind: string, AuditFinding[]][] {
  const kinds = new Map<string, AuditFinding[]>();
  for (const finding of findings) {
    kinds.set(finding.kind, [...(kinds.get(finding.kind) ?? []), finding]);
  }
  return [...kinds].sort(([, a], [, b]) => savedBytesOf(b) - savedBytesOf(a));
}
