/** How files are served: compressed, with how long they may be kept, and as what they are. Of sites only. */
import { gzipSync } from 'node:zlib';
import { type Asset, extensionOf } from '../asset.js';
import type { Checked } from '../audit-result.js';
import type { Subject } from '../subject.js';

/** Less does not fill a packet. */
const BYTES_MIN = 1400;
const SAVED_RATIO_MIN = 0.1;
/** A browser that comes back the next day should have it. */
const MAX_AGE_SECONDS_MIN = 86_400;

const TYPES: Readonly<Record<string, RegExp>> = {
  js: /javascript/,
  mjs: /javascript/,
  css: /^text\/css/,
  svg: /^image\/svg\+xml/,
  png: /^image\/png/,
  jpg: /^image\/jpeg/,
  jpeg: /^image\/jpeg/,
  webp: /^image\/webp/,
  avif: /^image\/avif/,
  woff2: /^font\/woff2/,
};

export function served({ assets }: Subject): Checked {
  const answered = assets.filter(({ headers }) => headers !== null);
  const findings = answered.flatMap((asset) => [
    ...compression(asset),
    ...caching(asset),
    ...types(asset),
  ]);
  return { item: 'static_files', looked: answered.length, findings };
}

function compression({ name, kind, bytes, headers }: Asset): Checked['findings'] {
  const isText = kind === 'script' || kind === 'style' || extensionOf(name) === 'svg';
  if (!isText || bytes.length < BYTES_MIN || headers?.get('content-encoding')) return [];
  const savedBytes = bytes.length - gzipSync(bytes).length;
  if (savedBytes < SAVED_RATIO_MIN * bytes.length) return [];
  return [
    {
      kind: 'not_compressed',
      where: name,
      text: `${bytes.length} bytes are sent as they are; gzip makes ${bytes.length - savedBytes} of them.`,
      fix: 'Send it compressed: app.use(compression()), or gzip and brotli in the proxy.',
      savedBytes,
    },
  ];
}

function caching({ name, headers }: Asset): Checked['findings'] {
  const control = headers?.get('cache-control') ?? '';
  const maxAge = Number(
    /(?:s-)?max-age=(\d+)/.exec(control)?.[1] ?? (/immutable/.test(control) ? 1e9 : 0),
  );
  const expires = Date.parse(headers?.get('expires') ?? '');
  const date = Date.parse(headers?.get('date') ?? '');
  const isKept =
    maxAge >= MAX_AGE_SECONDS_MIN ||
    (control === '' && expires - date >= MAX_AGE_SECONDS_MIN * 1000);
  if (isKept && !/no-store|no-cache/.test(control)) return [];
  return [
    {
      kind: 'not_cached',
      where: name,
      text: control === '' ? 'It has no Cache-Control.' : `Its Cache-Control is "${control}".`,
      fix: 'Cache-Control: public, max-age=31536000, immutable; with a name that changes with the content.',
      savedBytes: 0,
    },
  ];
}

function types({ name, headers }: Asset): Checked['findings'] {
  const expected = TYPES[extensionOf(name)];
  const type = headers?.get('content-type') ?? '';
  if (expected === undefined || expected.test(type)) return [];
  return [
    {
      kind: 'wrong_type',
      where: name,
      text: `It is served as ${type === '' ? 'no type' : `"${type}"`}.`,
      fix: 'Serve it with the type of its content: browsers refuse or guess others.',
      savedBytes: 0,
    },
  ];
}
