/**
 * What pages load, each one file made of what its entry imports, for the browsers of the last years. A row
 * is a bundle: its entry below src/browser, its file below dist/browser. With everything in it, for pages
 * have no node_modules; its source is never in the package otherwise.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minify } from 'terser';

const SOURCES = resolve(fileURLToPath(import.meta.url), '../../src/browser');

/**
 * @typedef {object} BrowserBundle
 * @property {string} entry Below src/browser.
 * @property {string} file Below dist/browser; styles that the entry imports lie beside it.
 * @property {'iife' | 'esm'} format Scripts of other people's pages are `iife`: they leave no names there.
 * @property {string[]} target
 * @property {string} [page] Below src/browser: becomes index.html beside the file.
 */

/** @type {readonly BrowserBundle[]} */
const BUNDLES = [
  {
    entry: 'beacon/beacon.ts',
    file: 'tachograph.js',
    format: 'iife',
    // What has private fields, `at` and the optional chain: of 2022, without polyfills.
    target: ['chrome100', 'firefox100', 'safari15.4'],
  },
  {
    entry: 'dashboard/main.tsx',
    file: 'dashboard/app.js',
    format: 'esm',
    // What can wait for an answer at the top of a module, and has dialogs: whoever looks has a browser of today.
    target: ['chrome111', 'firefox115', 'safari16.4'],
    page: 'dashboard/page.html',
  },
];

/** @param {string} folder dist, or where it is being made */
export async function bundleForBrowsers(folder) {
  for (const { entry, file, format, target, page } of BUNDLES) {
    const outfile = join(folder, 'browser', file);
    await build({
      entryPoints: [join(SOURCES, entry)],
      outfile,
      bundle: true,
      platform: 'browser',
      format,
      target,
      jsx: 'automatic',
      jsxImportSource: 'preact',
      minify: true,
      legalComments: 'none',
      logLevel: 'error',
    });
    // Takes another twentieth off what esbuild leaves.
    const { code } = await minify(readFileSync(outfile, 'utf8'), {
      ecma: 2020,
      module: format === 'esm',
      // More of `inline` is shorter as it stands, and longer once it is compressed; constants moved to the
      // left of comparisons are as long, and compress worse (250 B of the dashboard).
      compress: { passes: 3, unsafe_arrows: true, inline: 1, lhs_constants: false },
      format: { comments: false },
    });
    writeFileSync(outfile, /** @type {string} */ (code));
    if (page !== undefined) {
      const html = withoutLayout(readFileSync(join(SOURCES, page), 'utf8'));
      writeFileSync(join(outfile, '../index.html'), html);
    }
  }
}

/**
 * Of a page of ours, which has no text that is laid out by its lines.
 * @param {string} html
 */
function withoutLayout(html) {
  return html
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('> <', '><');
}
