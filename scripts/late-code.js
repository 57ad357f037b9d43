/**
 * Parts the agent's modules into those a preload holds and those it loads late (src/agent/late-code.ts).
 * Sources import all of them alike: it is the bundler that puts, for each late module, functions of the
 * same names that load it when they are called. So what a late module exports, for a module that is not
 * late, are functions.
 *
 * A late file is a module of its own and not part of one bundle, because V8 scans whatever it loads, and
 * an application has few of the libraries.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { build, buildSync, transformSync } from 'esbuild';

/** Rows of the adapter table are in the preload; what else they import is late. */
const ROWS = /\bagent\/\w+\/[\w-]+-adapters\.js$/;
/** Called only where an option, or the application itself, asks for it. */
const LATE = [
  'agent/own-metrics.js',
  'agent/debug-headers.js',
  'agent/debug-headers-http2.js',
  'agent/beacon/inject-http1.js',
  'agent/beacon/inject-http2.js',
];

/** As tsc writes them; names may be renamed by `as`. */
const IMPORT = /^import ([^;]+?) from '(\.[^']+)';$/gm;
const ANY_IMPORT = /^import (\{[^}]*\}|\w+) from '([^']+)';$/gm;
const EXPORT = /^export ((?:async )?function\*?|class|const) (\w+)/gm;
const KIT = 'late-kit';

/**
 * Writes the late modules that `entry` leads to below `dist`/late, and returns the plugin that leaves them
 * out of a bundle.
 *
 * @param {string} dist
 * @param {string} entry a file of dist
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function partLateCode(dist, entry) {
  /** @type {Set<string>} */
  const called = new Set();
  const { metafile } = await build({
    entryPoints: [join(dist, entry)],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
    plugins: [latePlugin(dist, called, '')],
  });
  const core = new Set(Object.keys(metafile.inputs).map((path) => idOf(dist, resolve(path))));
  const { late, kit } = follow(dist, called, core);
  const folder = writeLate(dist, late);
  return latePlugin(dist, called, kitModule(dist, folder, kit));
}

/**
 * All that `called` lead to without the core, and the names that they take from the core.
 *
 * @param {string} dist
 * @param {ReadonlySet<string>} called
 * @param {ReadonlySet<string>} core
 */
function follow(dist, called, core) {
  /** @type {Map<string, Set<string>>} */
  const kit = new Map();
  const late = new Set(called);
  for (const id of late) {
    if (core.has(id)) throw new Error(`bundle: expected ${id} to be late only, the preload has it`);
    for (const [, clause = '', path = ''] of readFileSync(join(dist, id), 'utf8').matchAll(
      IMPORT,
    )) {
      const target = posix.join(posix.dirname(id), path);
      if (!core.has(target)) late.add(target);
      else kit.set(target, new Set([...(kit.get(target) ?? []), ...importedNames(id, clause)]));
    }
  }
  return { late, kit };
}

/**
 * @param {string} id
 * @param {string} clause
 */
function importedNames(id, clause) {
  const names = /^\{(.*)\}$/s.exec(clause)?.[1];
  if (names === undefined)
    throw new Error(`bundle: expected named imports in ${id}, got ${clause}`);
  return names.split(',').flatMap((name) => name.trim().split(' ')[0] || []);
}

/**
 * Under a name that changes with what is in it: a process that runs while another version is installed over
 * its own must not mix the two.
 *
 * @param {string} dist
 * @param {ReadonlySet<string>} late
 */
function writeLate(dist, late) {
  const scripts = [...late].sort().map((id) => /** @type {const} */ ([id, scriptOf(dist, id)]));
  const hash = createHash('sha256').update(JSON.stringify(scripts)).digest('hex').slice(0, 8);
  const folder = `late/${hash}/`;
  for (const [id, script] of scripts) {
    const file = join(dist, folder, id);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, script);
  }
  return folder;
}

/**
 * The module as a function of what imports it, which returns its exports. Not by esbuild's own `cjs`: there
 * each call of an imported function goes through a getter.
 *
 * @param {string} dist
 * @param {string} id
 */
function scriptOf(dist, id) {
  /** @type {string[]} */
  const names = [];
  const body = readFileSync(join(dist, id), 'utf8')
    .replace(ANY_IMPORT, (_, clause, path) => {
      return `const ${clause.replaceAll(/\bas\b/g, ':')} = load('${path}');`;
    })
    .replace(EXPORT, (_, declaration, name) => {
      names.push(name);
      return `${declaration} ${name}`;
    });
  const left = /^(?:import|export)\b.*/m.exec(body)?.[0];
  if (left !== undefined) throw new Error(`bundle: expected no more of ${left} in ${id}`);
  const { code } = transformSync(`${body}\nreturn { ${names.join()} };`, {
    target: 'node20.19',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
  });
  return `(function(load){${code.trim()}})`;
}

/**
 * @param {string} dist
 * @param {Set<string>} called filled with what is found to be late
 * @param {string} kit
 * @returns {import('esbuild').Plugin}
 */
function latePlugin(dist, called, kit) {
  return {
    name: 'late-code',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) => {
        const id = idOf(dist, resolve(resolveDir, path));
        const isOfRow = ROWS.test(importer) && !ROWS.test(id);
        if (!isOfRow && !LATE.includes(id)) return undefined;
        called.add(id);
        return { path: id, namespace: 'late' };
      });
      onResolve({ filter: new RegExp(`^${KIT}$`) }, () => ({ path: KIT, namespace: KIT }));
      onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
        contents: standIns(dist, path),
        resolveDir: dist,
      }));
      onLoad({ filter: /.*/, namespace: KIT }, () => ({ contents: kit, resolveDir: dist }));
    },
  };
}

/**
 * @param {string} dist
 * @param {string} id
 */
function standIns(dist, id) {
  const { metafile } = buildSync({
    entryPoints: [join(dist, id)],
    bundle: false,
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'error',
  });
  const names = Object.values(metafile.outputs).flatMap((output) => output.exports);
  const lines = names.map(
    (name) => `export function ${name}(...args){return late('${id}').${name}(...args)}`,
  );
  return [`import {late} from '${KIT}';`, ...lines].join('\n');
}

/**
 * What late modules share with the preload, put together at the first call. `import.meta.url` is the
 * bundle's, which lies in dist itself.
 *
 * @param {string} dist
 * @param {string} folder
 * @param {ReadonlyMap<string, ReadonlySet<string>>} kit
 */
function kitModule(dist, folder, kit) {
  const modules = [...kit].map(([id, names], index) => ({
    from: JSON.stringify(join(dist, id)),
    imports: [...names].map((name) => `${name} as ${name}_${index}`).join(),
    entry: `'${id}':{${[...names].map((name) => `${name}:${name}_${index}`).join()}}`,
  }));
  return [
    `import {LateCode} from ${JSON.stringify(join(dist, 'agent/late-code.js'))};`,
    ...modules.map(({ from, imports }) => `import {${imports}} from ${from};`),
    `const core=()=>({${modules.map(({ entry }) => entry).join()}});`,
    'let code;',
    'export function late(id){',
    `code??=new LateCode(new URL('./${folder}',import.meta.url),core());`,
    'return code.load(id)}',
  ].join('\n');
}

/**
 * @param {string} dist
 * @param {string} path
 */
function idOf(dist, path) {
  return relative(dist, path).split(sep).join('/');
}
