/** The files of the repository, for tests about the repository itself. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = resolve(fileURLToPath(import.meta.url), '../../..');

/** Paths below the root, with slashes: what git tracks, or would if it were added now. */
export function projectFiles(): string[] {
  const listing = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (listing.status !== 0) throw new Error(`git ls-files: ${listing.stderr}`);
  // A file that was deleted and not yet committed is still listed.
  const paths = listing.stdout.split('\0').filter((path) => path !== '');
  return paths.filter((path) => existsSync(join(ROOT, path)));
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/**
 * The text without comments, as good as a scanner without a parser can: it knows strings, templates
 * (as a whole) and both kinds of comment, and keeps line breaks.
 */
export function withoutComments(text: string): string {
  const token =
    /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]/g, '') : found,
  );
}

/** The modules that a source names, in `import`, `export … from`, `import()` and `new URL`. */
export function importsOf(text: string): string[] {
  const statements = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(?:'([^'\n]+)'|"([^"\n]+)")/g;
  return [...withoutComments(text).matchAll(statements)].map((match) => match[1] ?? match[2] ?? '');
}
