/**
 * Joins what a preload loads into one file, in place, and what the agent's worker loads into a few: an ES module
 * costs about 0.4 ms to resolve, read and link, and there are some 40 on the application's thread and 100 in the
 * worker. What the worker imports only when it is needed (alerts, each way to send) is a part of its own, beside
 * it. docs/internals/performance.md has the figures. Dependencies stay outside, so that a user's audit sees
 * them; types come from the compiler.
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { partLateCode } from './late-code.js';
import { withoutDescriptions } from './without-descriptions.js';

/** Files of dist, each replaced by itself with everything of ours that it imports and needs at once. */
const PRELOADS = ['register.js', 'index.js'];
const WORKER = 'workers/agent-worker.js';

/** @param {string} folder dist, or where it is being made */
export async function bundle(folder) {
  // As esbuild names files: node_modules, where dist is made, may be a link.
  const dist = realpathSync(folder);
  const lateCode = await partLateCode(dist, 'register.js');
  for (const entry of [...PRELOADS, WORKER]) {
    const file = join(dist, entry);
    const { metafile } = await build({
      entryPoints: [file],
      outdir: dirname(file),
      allowOverwrite: true,
      bundle: true,
      metafile: true,
      splitting: true,
      chunkNames: 'part-[name]-[hash]',
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      // Smaller to read and parse; names stay, for stack traces.
      minifyWhitespace: true,
      minifySyntax: true,
      keepNames: false,
      legalComments: 'none',
      logLevel: 'error',
      plugins: entry === WORKER ? [] : [lateCode, withoutDescriptions()],
    });
    for (const output of Object.keys(metafile.outputs)) {
      const code = withoutBuiltinImports(readFileSync(output, 'utf8'));
      writeFileSync(output, realpathSync(output) === file ? withMovedWorker(entry, code) : code);
    }
  }
}

/**
 * The file that starts the worker is agent/supervisor.js; bundled, it lies one folder higher.
 *
 * @param {string} entry
 * @param {string} code
 */
function withMovedWorker(entry, code) {
  const parts = code.split('"../workers/agent-worker.js"');
  const expected = entry.includes('/') ? 0 : 1;
  if (parts.length - 1 !== expected) {
    throw new Error(
      `bundle: expected the worker ${expected} times in ${entry}, got ${parts.length - 1}`,
    );
  }
  return parts.join('"./workers/agent-worker.js"');
}

const BUILTIN_IMPORT = /\bimport\s*(?:(\w+)\s*,?\s*)?(\{[^}]*\})?\s*from\s*"(node:[\w/]+)";/g;

/**
 * Takes Node's own modules from `process.getBuiltinModule`: for an import the loader makes a module job
 * and a facade with every export, 0.3 to 0.5 ms each on the application's thread.
 *
 * @param {string} code
 */
function withoutBuiltinImports(code) {
  const replaced = code.replace(BUILTIN_IMPORT, (_, name, names, id) => {
    const parts = [name, names?.replaceAll(/\bas\b/g, ':')].filter(Boolean);
    const taken = `(process.getBuiltinModule?.("${id}")??{})`;
    return `const ${parts.map((part) => `${part}=${taken}`).join(',')};`;
  });
  const left = /\bimport[\s\w{},*]*?(?:from)?\s*"node:[^"]*"/.exec(replaced)?.[0];
  if (left !== undefined) throw new Error(`bundle: expected no import of a builtin, got ${left}`);
  return replaced;
}
