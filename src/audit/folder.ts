/**
 * Reads a folder: its pages and templates, scripts, styles, images and fonts. Follows no links, leaves out dependencies
 * and hidden folders, and stops at FILES_MAX files and BYTES_MAX bytes, which it says.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { type Asset, extensionOf, kindOf } from './asset.js';
import { type Page, readPage } from './page.js';
import type { Subject } from './subject.js';

const FILES_MAX = 3000;
const BYTES_MAX = 256 * 1024 * 1024;
const FILE_BYTES_MAX = 16 * 1024 * 1024;
const DEPTH_MAX = 20;
const PAGES: ReadonlySet<string> = new Set(['html', 'htm', 'ejs', 'hbs', 'njk', 'eta']);
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'coverage']);

/** @throws {Error} when it is no folder, or cannot be read. */
export function readFolder(folder: string): Subject {
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
  const assets: Asset[] = [];
  const pages: Page[] = [];
  const omitted: string[] = [];
  let bytesLeft = BYTES_MAX;
  let filesLeft = FILES_MAX;
  for (const path of filesIn(folder)) {
    const name = relative(folder, path).split(sep).join('/');
    const isPage = PAGES.has(extensionOf(name));
    const kind = kindOf(name);
    if (!isPage && (kind === 'other' || !isForBrowsers(name))) continue;
    const { size } = statSync(path);
    if (filesLeft === 0 || size > Math.min(FILE_BYTES_MAX, bytesLeft)) {
      omitted.push(filesLeft === 0 ? `files past the first ${FILES_MAX}` : `${name}: too large`);
      if (filesLeft === 0) break;
      continue;
    }
    filesLeft -= 1;
    bytesLeft -= size;
    const bytes = readFileSync(path);
    if (isPage) pages.push(readPage(name, bytes.toString('utf8')));
    else assets.push({ name, kind, bytes, headers: null });
  }
  const served = assets.filter(({ name, kind }) => kind !== 'script' || isServed(name, assets));
  return {
    target: folder,
    kind: 'folder',
    pages,
    assets: served,
    find: (page, reference) => findIn(served, page.name, reference),
    isForeign: (_page, reference) => /^(?:https?:)?\/\//i.test(reference),
    omitted,
  };
}

/** Folders that servers serve as they are. */
const PUBLIC = /(?:^|\/)(?:public|static|assets|www|wwwroot|dist|build|vendor)\//;

/** Where there is a public folder, scripts outside of it are the server's own. */
function isServed(name: string, assets: readonly Asset[]): boolean {
  return PUBLIC.test(name) || !assets.some((asset) => PUBLIC.test(asset.name));
}

/** What a browser never loads: configuration and tests beside the sources. */
function isForBrowsers(name: string): boolean {
  return !/(?:^|\/)(?:tests?|__tests__)\/|\.(?:test|spec|config)\.[cm]?js$/.test(name);
}

function* filesIn(folder: string, depth = 0): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    const isWanted = !entry.name.startsWith('.') && !LEFT_OUT.has(entry.name);
    if (entry.isDirectory() && isWanted && depth < DEPTH_MAX) yield* filesIn(path, depth + 1);
  }
}

/** By its path from the page, from the folder, or, as servers mount folders, by the end of its path. */
function findIn(assets: readonly Asset[], page: string, reference: string): Asset | undefined {
  const path = reference.replace(/[?#].*$/, '');
  const fromPage = posix.normalize(posix.join(posix.dirname(page), path));
  const fromRoot = path.replace(/^\/+/, '');
  const isNamed = (name: string): Asset | undefined => assets.find((asset) => asset.name === name);
  const exact = isNamed(path.startsWith('/') ? fromRoot : fromPage) ?? isNamed(fromRoot);
  if (exact !== undefined) return exact;
  const file = posix.basename(path);
  const candidates = assets.filter(({ name }) => posix.basename(name) === file);
  return candidates.length === 1 ? candidates[0] : undefined;
}
