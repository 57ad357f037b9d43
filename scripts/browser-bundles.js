/**
 * What browsers load, built by esbuild into dist/browser: one row an entry. Everything that an entry needs is
 * in its file; nothing of it is loaded by Node.js.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';

const ROOT = resolve(fileURLToPath(import.meta.url), '../..');

/**
 * @typedef {object} BrowserBundle
 * @property {string} entry Below src/browser.
 * @property {string} out Below dist/browser, without its ending; styles that the entry imports lie beside it.
 * @property {import('esbuild').BuildOptions['format']} format
 * @property {readonly (readonly [from: string, to: string])[]} [files] To be copied as they are.
 */

/** @type {readonly BrowserBundle[]} */
const BROWSER_BUNDLES = [
  {
    entry: 'dashboard/main.tsx',
    out: 'dashboard/app',
    format: 'esm',
    files: [['dashboard/page.html', 'dashboard/index.html']],
  },
];

/** @param {string} folder dist, or where it is being made */
export async function bundleForBrowsers(folder) {
  for (const { entry, out, format, files = [] } of BROWSER_BUNDLES) {
    const outfile = join(folder, 'browser', `${out}.js`);
    mkdirSync(dirname(outfile), { recursive: true });
    await build({
      entryPoints: [join(ROOT, 'src/browser', entry)],
      outfile,
      bundle: true,
      minify: true,
      format,
      platform: 'browser',
      target: ['chrome111', 'firefox115', 'safari16.4'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      legalComments: 'none',
      logLevel: 'error',
    });
    writeFileSync(outfile, await smallest(readFileSync(outfile, 'utf8'), format));
    for (const [from, to] of files) {
      copyFileSync(join(ROOT, 'src/browser', from), join(folder, 'browser', to));
    }
  }
}

/**
 * esbuild's output once more: 3 kB of 56 less on the wire.
 *
 * @param {string} code
 * @param {import('esbuild').BuildOptions['format']} format
 */
async function smallest(code, format) {
  const { code: smaller } = await minify(code, {
    module: format === 'esm',
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true },
    format: { comments: false },
  });
  if (smaller === undefined) throw new Error('expected code from terser, got none');
  return smaller;
}
