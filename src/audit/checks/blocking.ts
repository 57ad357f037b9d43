/** What keeps a page from being drawn: scripts in its head, and styles of which the first screen needs little. */

import { formatItems } from '../../shared/format-items.js';
import type { Checked } from '../audit-result.js';
import type { Page } from '../page.js';
import { isComputed, type Subject } from '../subject.js';

/** Styles that come in one round trip need no splitting. */
const STYLE_BYTES_MAX = 14_000;
const NAMED_MAX = 3;

export function blocking(subject: Subject): Checked {
  const findings = subject.pages.flatMap((page) => [...scripts(page), ...styles(subject, page)]);
  return { item: 'critical_css', looked: subject.pages.length, findings };
}

type Finding = Checked['findings'][number];

function scripts({ name, scripts: all }: Page): Finding[] {
  const inWay = all.filter(({ isBlocking }) => isBlocking);
  if (inWay.length === 0) return [];
  const names = inWay.map(({ src }) => src).slice(0, NAMED_MAX);
  const more = inWay.length > NAMED_MAX ? ' …' : '';
  return [
    {
      kind: 'blocking_script',
      where: name,
      text: `Before anything is drawn the page waits for ${formatItems(inWay.length, 'script')} in its head: ${names.join(', ')}${more}.`,
      fix: '<script defer src="…">, or type="module".',
      savedBytes: 0,
    },
  ];
}

function styles(subject: Subject, page: Page): Finding[] {
  const files = page.styles.filter(({ isBlocking, href }) => isBlocking && !isComputed(href));
  const bytes = files.reduce(
    (sum, { href }) => sum + (subject.find(page, href)?.bytes.length ?? 0),
    0,
  );
  if (bytes <= STYLE_BYTES_MAX || page.inlineStyleBytes > 0) return [];
  return [
    {
      kind: 'no_critical_css',
      where: page.name,
      text: `Before anything is drawn the page waits for ${bytes} bytes of styles in ${formatItems(files.length, 'file')}.`,
      fix: 'Put what the first screen needs into a <style>, and load the rest with media="print" onload.',
      savedBytes: 0,
    },
  ];
}
