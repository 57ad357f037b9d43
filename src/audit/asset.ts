/** A file that pages load, and what is known of how it was served. Pure data. */
export type AssetKind = 'script' | 'style' | 'image' | 'font' | 'other';

export interface Asset {
  /** Path below the folder, or address. */
  readonly name: string;
  readonly kind: AssetKind;
  readonly bytes: Uint8Array;
  /** Of the answer that brought it; null where it is a file on a disk. */
  readonly headers: Headers | null;
}

const KINDS: Readonly<Record<string, AssetKind>> = {
  js: 'script',
  mjs: 'script',
  cjs: 'script',
  css: 'style',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  bmp: 'image',
  webp: 'image',
  avif: 'image',
  svg: 'image',
  ico: 'image',
  woff: 'font',
  woff2: 'font',
  ttf: 'font',
  otf: 'font',
  eot: 'font',
};

export function extensionOf(name: string): string {
  const path = name.replace(/[?#].*$/, '');
  return /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

export function kindOf(name: string): AssetKind {
  return KINDS[extensionOf(name)] ?? 'other';
}

export function textOf({ bytes }: Asset): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
