/** How many files a page is made of. */
import type { Checked } from '../audit-result.js';
import type { Subject } from '../subject.js';

/** Each is a request that has to be found first; that many fit into a round trip or two. */
const FILES_MAX = 15;

export function bundling({ pages }: Subject): Checked {
  const findings = pages.flatMap(({ name, scripts, styles }) => {
    const files = scripts.filter(({ src }) => src !== null).length + styles.length;
    if (files <= FILES_MAX) return [];
    return [
      {
        kind: 'many_files',
        where: name,
        text: `${files} scripts and styles.`,
        fix: 'Bundle them: one for all pages, one for each large part (esbuild --bundle --splitting).',
        savedBytes: 0,
      },
    ];
  });
  return { item: 'bundling', looked: pages.length, findings };
}
