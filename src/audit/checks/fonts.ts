/** Fonts: text that is invisible until they come, old formats, and fonts that are found late. */

import { formatItems } from '../../shared/format-items.js';
import { type Asset, extensionOf, textOf } from '../asset.js';
import type { Checked } from '../audit-result.js';
import type { Subject } from '../subject.js';

const FACE = /@font-face\s*\{[^}]*\}/gi;
const FACES_MAX = 500;

export function fonts({ assets, pages }: Subject): Checked {
  const sheets = [
    ...assets
      .filter(({ kind }) => kind === 'style')
      .map((asset) => ({ name: asset.name, css: textOf(asset) })),
    ...pages.map(({ name, inlineStyles }) => ({ name, css: inlineStyles })),
  ];
  const faces = sheets
    .flatMap(({ name, css }) => [...css.matchAll(FACE)].map(([text]) => ({ name, text })))
    .slice(0, FACES_MAX);
  const files = assets.filter(({ kind }) => kind === 'font');
  const isPreloaded = pages.some(({ preloads }) => preloads.some(({ as }) => as === 'font'));
  const findings = [
    ...hidden(faces),
    ...files.filter((file) => !hasNewer(file, files)).flatMap(oldFormat),
    ...(faces.length > 0 && pages.length > 0 && !isPreloaded ? [foundLate(faces[0]!.name)] : []),
  ];
  return { item: 'fonts', looked: faces.length + files.length, findings };
}

type Finding = Checked['findings'][number];

function hidden(faces: readonly { name: string; text: string }[]): Finding[] {
  const bare = faces.filter(
    ({ text }) => !/font-display\s*:\s*(?:swap|optional|fallback)/i.test(text),
  );
  const names = [...new Set(bare.map(({ name }) => name))];
  return names.map((where) => {
    const count = bare.filter(({ name }) => name === where).length;
    return {
      kind: 'font_display',
      where,
      text: `Text in ${formatItems(count, 'font')} is invisible until ${count === 1 ? 'it comes' : 'they come'}.`,
      fix: '@font-face { font-display: swap; … }',
      savedBytes: 0,
    };
  });
}

/** Whether the same font is there as WOFF2: then the old one is only for browsers that nobody has any more. */
function hasNewer({ name }: Asset, files: readonly Asset[]): boolean {
  const stem = (text: string): string => text.replace(/[?#].*$/, '').replace(/\.[^./]*$/, '');
  return files.some(
    (other) => extensionOf(other.name) === 'woff2' && stem(other.name) === stem(name),
  );
}

function oldFormat({ name, bytes }: Asset): Finding[] {
  const extension = extensionOf(name);
  if (!['ttf', 'otf', 'eot', 'woff'].includes(extension)) return [];
  // WOFF2 is about 30 % smaller than WOFF, and half of what is not compressed.
  const savedBytes = Math.round(bytes.length * (extension === 'woff' ? 0.3 : 0.5));
  return [
    {
      kind: 'font_format',
      where: name,
      text: `${bytes.length} bytes of ${extension.toUpperCase()}.`,
      fix: 'Offer it as WOFF2, which every browser has.',
      savedBytes,
    },
  ];
}

function foundLate(where: string): Finding {
  return {
    kind: 'font_preload',
    where,
    text: 'No page preloads a font: browsers find it when styles are there, and text is drawn twice.',
    fix: '<link rel="preload" as="font" type="font/woff2" href="…" crossorigin> for the one that the first screen needs.',
    savedBytes: 0,
  };
}
