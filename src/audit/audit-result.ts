/** What an audit says, as it is printed and as it is written to a file for `tachograph checklist`. Pure data. */
export const AUDIT_VERSION = 1;

/** What is looked at, by the names that the items of the checklist have. */
export const AUDIT_ITEMS = [
  'static_files',
  'images',
  'pwa',
  'service_worker',
  'critical_css',
  'bundling',
  'fonts',
  'third_party',
] as const;
export type AuditItem = (typeof AUDIT_ITEMS)[number];

export interface AuditFinding {
  readonly item: AuditItem;
  /** What it is, such as `not_minified`. */
  readonly kind: string;
  /** The file or page that it is about. */
  readonly where: string;
  readonly text: string;
  readonly fix: string;
  /** Bytes that a visitor would not load; 0 where it is not bytes. */
  readonly savedBytes: number;
}

export interface AuditResult {
  readonly version: typeof AUDIT_VERSION;
  /** The folder or address. */
  readonly target: string;
  readonly kind: 'folder' | 'site';
  readonly pages: number;
  readonly files: number;
  readonly bytes: number;
  /** Those that save most first. */
  readonly findings: readonly AuditFinding[];
  /** How many things were looked at for each item: without any, nothing can be said of it. */
  readonly looked: Readonly<Record<AuditItem, number>>;
  /** What was left out, and why. */
  readonly omitted: readonly string[];
}

/** What a check says: what it looked at, and what it found. */
export interface Checked {
  readonly item: AuditItem;
  readonly looked: number;
  readonly findings: readonly Omit<AuditFinding, 'item'>[];
}
