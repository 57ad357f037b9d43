/** Scripts from elsewhere: they see everything on the page, and the page waits for them. */
import type { Checked } from '../audit-result.js';
import { isComputed, type Subject } from '../subject.js';

export function thirdParty(subject: Subject): Checked {
  const findings = subject.pages.flatMap((page) => {
    const foreign = page.scripts.filter(
      ({ src }) => src !== null && !isComputed(src) && subject.isForeign(page, src),
    );
    return foreign
      .filter(({ isBlocking, hasIntegrity }) => isBlocking || !hasIntegrity)
      .map(({ src, isBlocking, hasIntegrity }) => ({
        kind: 'third_party',
        where: page.name,
        text: `${src}: ${[...(isBlocking ? ['the page waits for it'] : []), ...(hasIntegrity ? [] : ['nothing checks what comes'])].join('; ')}.`,
        fix: 'Serve it yourself; else async or defer, with integrity="sha384-…" crossorigin.',
        savedBytes: 0,
      }));
  });
  return { item: 'third_party', looked: subject.pages.length, findings };
}
