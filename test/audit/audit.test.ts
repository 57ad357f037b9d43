import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { readFolder } from '../../src/audit/folder.js';
import { readSite } from '../../src/audit/site.js';
import { FAULTLESS, FAULTY, type Files, pngOf, type Site, serveSite } from './make-site.js';

const never = (): AbortSignal => new AbortController().signal;
let folder = '';
const sites: Site[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  for (const site of sites.splice(0)) await site.close();
});

function write(files: Files): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function serve(...args: Parameters<typeof serveSite>): Promise<Site> {
  const site = await serveSite(...args);
  sites.push(site);
  return site;
}

const auditSite = async (url: string): Promise<AuditResult> =>
  audit(await readSite(new URL(url), never()), never());
const kindsIn = ({ findings }: AuditResult): string[] =>
  [...new Set(findings.map(({ kind }) => kind))].sort();
const of = ({ findings }: AuditResult, kind: string) => findings.filter((one) => one.kind === kind);

const OF_FILES = [
  'blocking_script',
  'font_display',
  'font_preload',
  'image_not_lazy',
  'image_old_format',
  'image_too_large',
  'image_without_size',
  'many_files',
  'no_critical_css',
  'no_manifest',
  'no_service_worker',
  'not_minified',
  'third_party',
];

describe('a folder', () => {
  it('with every fault has every finding, those that save most first', async () => {
    const result = await audit(readFolder(write(FAULTY)), never());
    expect(kindsIn(result)).toEqual([...OF_FILES, 'font_format'].sort());
    const saved = result.findings.map(({ savedBytes }) => savedBytes);
    expect(saved).toEqual([...saved].sort((a, b) => b - a));
    expect(result).toMatchObject({ kind: 'folder', pages: 2, files: 20 });
  });

  it('without a fault has no finding', async () => {
    const result = await audit(readFolder(write(FAULTLESS)), never());
    expect(result.findings).toEqual([]);
    expect(result.looked).toMatchObject({ pwa: 1, service_worker: 1, fonts: 2, images: 2 });
  });

  it('is not left by links, and dependencies are not looked at', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'tacho-'));
    try {
      writeFileSync(join(outside, 'secret.js'), String(FAULTY['app.js']));
      write({ 'node_modules/a/a.js': FAULTY['app.js']!, '.git/b.js': FAULTY['app.js']! });
      symlinkSync(outside, join(folder, 'link'));
      symlinkSync(join(outside, 'secret.js'), join(folder, 'file.js'));
      const result = await audit(readFolder(folder), never());
      expect(result).toMatchObject({ files: 0, pages: 0, findings: [] });
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('with a public folder has no scripts outside of it', async () => {
    const script = FAULTY['app.js']!;
    const result = await audit(
      readFolder(write({ 'server.js': script, 'public/app.js': script })),
      never(),
    );
    expect(of(result, 'not_minified').map(({ where }) => where)).toEqual(['public/app.js']);
  });

  it('says what an image and a script would be', async () => {
    const result = await audit(readFolder(write(FAULTY)), never());
    expect(of(result, 'image_too_large')).toMatchObject([
      { where: 'photo.png', text: 'It is 800×400 and shown as 100×50.' },
    ]);
    // 200 of 800 pixels are enough for a screen of two pixels for one
    const bytes = pngOf(800, 400, 30_000).length;
    expect(of(result, 'image_too_large')[0]?.savedBytes).toBe(Math.round(bytes * (1 - 1 / 16)));
    const script = of(result, 'not_minified').find(({ where }) => where === 'app.js');
    const least = Number(/(\d+) when minified/.exec(script?.text ?? '')?.[1]);
    expect(least).toBeGreaterThan(0);
    expect(script?.savedBytes).toBe(Buffer.byteLength(String(FAULTY['app.js'])) - least);
  });

  it('minds no size of a drawing, and no old font beside a new one', async () => {
    write({
      'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><path/></svg>',
      'index.html': '<img src="logo.svg" width="24" height="24">',
      'fonts/own.woff': Buffer.alloc(4000, 1),
      'fonts/own.woff2': Buffer.alloc(3000, 1),
      'fonts/old.woff': Buffer.alloc(4000, 1),
    });
    const result = await audit(readFolder(folder), never());
    expect(of(result, 'image_too_large')).toEqual([]);
    expect(of(result, 'font_format').map(({ where }) => where)).toEqual(['fonts/old.woff']);
  });

  it('of one thing says one', async () => {
    write({ 'index.html': '<head><script src="a.js"></script></head><img src="a.png">' });
    const result = await audit(readFolder(folder), never());
    expect(of(result, 'blocking_script')[0]?.text).toBe(
      'Before anything is drawn the page waits for 1 script in its head: a.js.',
    );
    expect(of(result, 'image_without_size')[0]?.text).toMatch(/^1 of 1 image without/);
  });

  it('runs nothing of what it reads, and minds no nonsense', async () => {
    write({
      'evil.js': "globalThis.wasRun = true; process.exit(9); throw new Error('run');",
      'broken.js': 'function ( {',
      'broken.css': '} { ; @@@',
      'broken.png': 'not a picture',
      'broken.html':
        '<img src="broken.png" width="1"><script>globalThis.wasRun = true</script><div <<',
    });
    const result = await audit(readFolder(folder), never());
    expect(globalThis).not.toHaveProperty('wasRun');
    expect(of(result, 'not_minified')).toEqual([]);
  });

  it('reads templates of servers without taking what they compute for files', async () => {
    write({ 'views/list.ejs': '<img src="<%= url %>" width="1" height="1"><%- include("a") %>' });
    const result = await audit(readFolder(folder), never());
    expect(kindsIn(result)).toEqual(['no_manifest', 'no_service_worker']);
  });
});

describe('a site', () => {
  it('that serves its files badly is told for each', async () => {
    const site = await serve(FAULTY, false);
    const result = await auditSite(site.url);
    expect(kindsIn(result)).toEqual(
      [...OF_FILES, 'not_cached', 'not_compressed', 'wrong_type'].sort(),
    );
    expect(result).toMatchObject({ kind: 'site', pages: 2 });
    const script = of(result, 'not_compressed').find(({ where }) => where.endsWith('/app.js'));
    expect(script?.savedBytes).toBeGreaterThan(1000);
  });

  it('that serves them well is not', async () => {
    const result = await auditSite((await serve(FAULTLESS, true)).url);
    expect(result.findings).toEqual([]);
    expect(result.looked.static_files).toBeGreaterThan(0);
  });

  it('is not left: neither by links nor by redirects', async () => {
    const other = await serve(FAULTY, false);
    const site = await serve(
      {
        'index.html': `<a href="${other.url}">a</a><script src="/moved.js"></script>
          <script src="${other.url}app.js"></script><img src="${other.url}photo.png" width="1" height="1">`,
      },
      true,
      (request, response) => {
        if (request.url !== '/moved.js') return false;
        response.writeHead(302, { location: `${other.url}app.js` }).end();
        return true;
      },
    );
    const result = await auditSite(site.url);
    expect(other.asked).toEqual([]);
    expect(result.omitted).toEqual([expect.stringContaining('redirects to another origin')]);
    expect(of(result, 'third_party')).toHaveLength(1);
  });

  it('has at most 20 pages, and what is too large is left out', async () => {
    const links = Array.from({ length: 60 }, (_, i) => `<a href="/p${i}">p</a>`).join('');
    const site = await serve({}, true, (request, response) => {
      response.setHeader('content-type', 'text/html');
      if (request.url === '/large.js') response.end(Buffer.alloc(9 * 1024 * 1024, 'a'));
      else response.end(`${links}<script src="/large.js"></script>`);
      return true;
    });
    const result = await auditSite(site.url);
    expect(result).toMatchObject({ pages: 20, files: 0 });
    expect(result.omitted.join(' ')).toMatch(/pages past the first 20.*large\.js: more than/);
    expect(site.asked.length).toBeLessThan(30);
  });

  it('whose links lead to one log-in has that page once', async () => {
    const links = Array.from({ length: 6 }, (_, i) => `<a href="/p${i}">p</a>`).join('');
    const site = await serve({}, true, (request, response) => {
      response.setHeader('content-type', 'text/html');
      if (/^\/p\d/.test(request.url ?? '')) response.writeHead(302, { location: '/login' }).end();
      else response.end(request.url === '/' ? links : '<img src="/a.png">');
      return true;
    });
    const result = await auditSite(site.url);
    expect(result.pages).toBe(2);
    expect(of(result, 'image_without_size').map(({ where }) => where)).toEqual([
      `${site.url}login`,
    ]);
  });

  it('that does not answer is an error that names it', async () => {
    const site = await serve({}, true);
    await expect(auditSite(site.url)).rejects.toThrow(`${site.url}: answered 404`);
    await expect(auditSite('http://127.0.0.1:1/')).rejects.toThrow('http://127.0.0.1:1/');
  });
});
