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
 * @property {string} file Below dist/browser.
 * @property {'iife' | 'esm'} format Scripts of other people's pages are `iife`: they leave no names there.
 */

/** @type {readonly BrowserBundle[]} */
const BUNDLES = [{ entry: 'beacon/beacon.ts', file: 'tachograph.js', format: 'iife' }];

/** What has private fields, `at` and the optional chain: of 2022, without polyfills. */
const TARGET = ['chrome100', 'firefox100', 'safari15.4'];

/** @param {string} folder dist, or where it is being made */
export async function bundleForBrowsers(folder) {
  for (const { entry, file, format } of BUNDLES) {
    const outfile = join(folder, 'browser', file);
    await build({
      entryPoints: [join(SOURCES, entry)],
      outfile,
      bundle: true,
      platform: 'browser',
      format,
      target: TARGET,
      minify: true,
      legalComments: 'none',
      logLevel: 'error',
    });
    // Takes another twentieth off what esbuild leaves.
    const { code } = await minify(readFileSync(outfile, 'utf8'), {
      ecma: 2020,
      compress: { passes: 3, unsafe_arrows: true },
      toplevel: true,
    });
    writeFileSync(outfile, code ?? '');
  }
}
