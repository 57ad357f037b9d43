/** Images: larger than they are shown, in old formats, without a size, loaded before they are seen. */
import { imageSize } from 'image-size';
import { formatItems } from '../../shared/format-items.js';
import { type Asset, extensionOf } from '../asset.js';
import type { Checked } from '../audit-result.js';
import type { PageImage } from '../page.js';
import { isComputed, type Subject } from '../subject.js';

/** Screens with two pixels for one of the page. */
const DENSITY = 2;
const OLD_BYTES_MIN = 20_000;
/** What WebP leaves of it, at the same quality: https://developers.google.com/speed/webp/docs/webp_study */
const LEFT_BY_WEBP: Readonly<Record<string, number>> = {
  png: 0.74,
  jpg: 0.7,
  jpeg: 0.7,
  gif: 0.5,
  bmp: 0.1,
};
/** Images at the beginning of a page are seen at once. */
const EAGER_MAX = 3;

export function images(subject: Subject): Checked {
  const files = subject.assets.filter(({ kind }) => kind === 'image');
  const shown = subject.pages.flatMap((page) => page.images.map((image) => ({ page, image })));
  const oversized = shown.flatMap(({ page, image }) => {
    const asset = isComputed(image.src) ? undefined : subject.find(page, image.src);
    return asset === undefined ? [] : tooLarge(asset, image);
  });
  const findings = [
    ...once(oversized),
    ...files.flatMap(oldFormat),
    ...subject.pages.flatMap(({ name, images: all }) => [
      ...withoutSize(name, all),
      ...notLazy(name, all),
    ]),
  ];
  return { item: 'images', looked: files.length + shown.length, findings };
}

type Finding = Checked['findings'][number];

function tooLarge({ name, bytes }: Asset, { width, height, hasChoice }: PageImage): Finding[] {
  const size = sizeOf(bytes);
  if (size === undefined || hasChoice || (width === null && height === null)) return [];
  const wanted = Math.max((width ?? 0) / size.width, (height ?? 0) / size.height) * DENSITY;
  if (wanted >= 0.8) return [];
  const shown = `${width ?? '?'}×${height ?? '?'}`;
  return [
    {
      kind: 'image_too_large',
      where: name,
      text: `It is ${size.width}×${size.height} and shown as ${shown}.`,
      fix: `Make it ${Math.round(size.width * wanted)} pixels wide, or offer several sizes by srcset.`,
      savedBytes: Math.round(bytes.length * (1 - wanted ** 2)),
    },
  ];
}

/** Undefined of what is no image that is known, and of drawings (SVG), which have no pixels. */
function sizeOf(bytes: Uint8Array): { width: number; height: number } | undefined {
  try {
    const { width, height, type } = imageSize(bytes);
    return type !== 'svg' && width > 0 && height > 0 ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

function oldFormat({ name, bytes }: Asset): Finding[] {
  const left = LEFT_BY_WEBP[extensionOf(name)];
  if (left === undefined || bytes.length < OLD_BYTES_MIN) return [];
  return [
    {
      kind: 'image_old_format',
      where: name,
      text: `${bytes.length} bytes of ${extensionOf(name).toUpperCase()}.`,
      fix: 'Offer it as WebP or AVIF: <picture><source type="image/avif" srcset="…"></picture>.',
      savedBytes: Math.round(bytes.length * (1 - left)),
    },
  ];
}

function withoutSize(page: string, all: readonly PageImage[]): Finding[] {
  const bare = all.filter(({ width, height }) => width === null || height === null);
  if (bare.length === 0) return [];
  return [
    {
      kind: 'image_without_size',
      where: page,
      text: `${bare.length} of ${formatItems(all.length, 'image')} without width and height: the page shifts when they come.`,
      fix: 'Give each image its width and height.',
      savedBytes: 0,
    },
  ];
}

function notLazy(page: string, all: readonly PageImage[]): Finding[] {
  const eager = all.slice(EAGER_MAX).filter(({ isLazy }) => !isLazy);
  if (eager.length === 0) return [];
  return [
    {
      kind: 'image_not_lazy',
      where: page,
      text: `Loaded at once, though below the first ${EAGER_MAX}: ${formatItems(eager.length, 'image')}.`,
      fix: '<img loading="lazy" …> for what is not seen at first.',
      savedBytes: 0,
    },
  ];
}

/** One image may be shown on many pages: where it is shown largest decides. */
function once(findings: readonly Finding[]): Finding[] {
  const byFile = new Map<string, Finding>();
  for (const finding of findings) {
    const known = byFile.get(finding.where);
    if (known === undefined || finding.savedBytes < known.savedBytes) {
      byFile.set(finding.where, finding);
    }
  }
  return [...byFile.values()];
}
