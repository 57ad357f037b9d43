/** How the page is served: small, kept by browsers, and without anything from elsewhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../support/raw-request.js';
import { DASHBOARD, type OpenShop, openShop } from '../../support/shop/open-shop.js';

const FILES = ['index.html', 'app.js', 'app.css'] as const;
const BYTES_MAX = 60_000;

let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ forMs: 0 });
});
afterAll(() => shop.close());

/** What the page names, script and styles. */
async function assets(): Promise<string[]> {
  const page = await (await fetch(shop.url)).text();
  return [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
}

it('all of it is at most 60 kB on the wire', () => {
  const sizes = FILES.map((name) => brotliCompressSync(readFileSync(join(DASHBOARD, name))).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(BYTES_MAX);
});

describe('the page', () => {
  it.each(['/', '/routes', '/settings'])('is at %s, without anything inline', async (path) => {
    const response = await fetch(shop.url + path);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const page = await response.text();
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('is asked for again and answered with nothing when it is the same', async () => {
    const etag = (await fetch(shop.url)).headers.get('etag')!;
    const again = await fetch(shop.url, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('is not there under another path', async () => {
    expect((await fetch(`${shop.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${shop.url}/assets/..%2findex.html`)).status).toBe(404);
  });
});

describe('an asset', () => {
  it('is named by what it holds, and kept for ever', async () => {
    const paths = await assets();
    expect(paths).toHaveLength(2);
    for (const path of paths) {
      const response = await fetch(shop.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
    }
  });

  it.each([
    ['br', 'gzip, deflate, br', brotliDecompressSync],
    ['gzip', 'gzip, br;q=0', gunzipSync],
    [undefined, 'identity', (bytes: Buffer) => bytes],
  ] as const)('comes as %s to who takes %s', async (encoding, accepted, unpack) => {
    const [path] = (await assets()).filter((name) => name.endsWith('.js'));
    const response = await rawBytes(shop.url + path!, accepted);
    expect(response.encoding).toBe(encoding);
    expect(unpack(response.bytes).equals(readFileSync(join(DASHBOARD, 'app.js')))).toBe(true);
  });
});

async function rawBytes(
  url: string,
  accepted: string,
): Promise<{ encoding: string | undefined; bytes: Buffer }> {
  const headers = { 'accept-encoding': accepted };
  const { headers: answered, bytes } = await request(url, { headers });
  return { encoding: answered['content-encoding'] as string | undefined, bytes };
}
