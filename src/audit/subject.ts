/** What is audited, once it is read: pages, files, and how one finds the other. Pure data. */
import type { Asset } from './asset.js';
import type { Page } from './page.js';

export interface Subject {
  readonly target: string;
  readonly kind: 'folder' | 'site';
  readonly pages: readonly Page[];
  readonly assets: readonly Asset[];
  /** The file that a page means by what it says; undefined where it was not read. */
  readonly find: (page: Page, reference: string) => Asset | undefined;
  /** Whether a reference leaves the site. */
  readonly isForeign: (page: Page, reference: string) => boolean;
  readonly omitted: readonly string[];
}

/** A part of a template that only a server fills in. */
export function isComputed(reference: string): boolean {
  return /<%|\{\{|\$\{|#\{/.test(reference);
}
