/**
 * The script that pages load, as the build made it, with its compressed forms: read and compressed once,
 * when first asked for, and kept (20 KiB in all).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** From sources, as in tests, and from dist alike. */
const PLACES = ['../../browser/tachograph.js', '../../../dist/browser/tachograph.js'];
/** A new version reaches every page within an hour. */
const MAX_AGE_SECONDS = 3600;

interface Form {
  readonly encoding: 'br' | 'gzip' | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

export type ServeScript = (request: Request) => Response;

export function createScriptServer(): ServeScript {
  let forms: readonly Form[] | undefined;
  return (request) => {
    forms ??= readForms();
    const accepted = request.headers.get('accept-encoding') ?? '';
    const form = forms.find(
      ({ encoding }) => encoding === undefined || accepts(accepted, encoding),
    )!;
    const headers = new Headers({
      'cache-control': `public, max-age=${MAX_AGE_SECONDS}`,
      'content-type': 'text/javascript; charset=utf-8',
      // Pages of other sites are meant to load it, those that isolate themselves too.
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      etag: form.etag,
      vary: 'accept-encoding',
    });
    if (form.encoding !== undefined) headers.set('content-encoding', form.encoding);
    const known = (request.headers.get('if-none-match') ?? '').split(/\s*,\s*/);
    if (known.some((tag) => tag.replace(/^W\//, '') === form.etag)) {
      headers.delete('content-encoding');
      return new Response(null, { status: 304, headers });
    }
    return new Response(form.bytes, { headers });
  };
}

/** Without its weight in words: a quality of 0 refuses it. */
function accepts(header: string, encoding: string): boolean {
  return header
    .toLowerCase()
    .split(',')
    .some((part) => {
      const [name, ...parameters] = part.split(';').map((text) => text.trim());
      return name === encoding && !parameters.some((text) => /^q=0(?:\.0*)?$/.test(text));
    });
}

function readForms(): readonly Form[] {
  const plain = Buffer.from(readScript());
  const digest = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  const form = (encoding: Form['encoding'], bytes: Uint8Array): Form => ({
    encoding,
    bytes: new Uint8Array(bytes),
    etag: `"${digest}${encoding === undefined ? '' : `-${encoding}`}"`,
  });
  return [
    form('br', brotliCompressSync(plain)),
    form('gzip', gzipSync(plain)),
    form(undefined, plain),
  ];
}

/** @throws {Error} when the package was not built. */
function readScript(): string {
  for (const place of PLACES) {
    try {
      return readFileSync(new URL(place, import.meta.url), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(
    'expected browser/tachograph.js beside the collector, found none: npm run build.',
  );
}
