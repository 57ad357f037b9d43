/** Who may import whom: the table of rooms. The rooms meet only where it says so. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, projectFiles, ROOT } from './source-files.js';

interface Room {
  /** Rooms, or parts of their paths, that it may import besides itself. */
  readonly from: readonly string[];
  /** npm packages: which code may load any at all is part of the promise. */
  readonly packages: boolean;
  /** Files that are started as another thread or process, and not imported. */
  readonly starts?: readonly string[];
}

const ROOMS: Readonly<Record<string, Room>> = {
  shared: { from: [], packages: false },
  agent: { from: ['shared/'], packages: false, starts: ['workers/agent-worker.js'] },
  sql: { from: ['shared/'], packages: false },
  workers: { from: ['shared/', 'sql/', 'transport/', 'alerts/'], packages: true },
  transport: { from: ['shared/'], packages: true },
  alerts: { from: ['shared/', 'transport/'], packages: true },
  advisor: { from: ['shared/', 'sql/'], packages: true },
  audit: { from: ['shared/'], packages: true },
  browser: { from: ['shared/'], packages: true },
  collector: {
    from: ['shared/', 'sql/', 'transport/', 'alerts/', 'advisor/'],
    packages: true,
    starts: ['workers/query-', 'browser/'],
  },
  cli: {
    from: ['collector/', 'shared/', 'transport/', 'alerts/', 'advisor/', 'audit/'],
    packages: true,
    starts: ['register.js'],
  },
};
/** Entry points beside the rooms. */
const ENTRIES: Readonly<Record<string, Room>> = {
  'index.ts': { from: ['agent/'], starts: ['register.js'], packages: false },
  'register.ts': { from: ['agent/'], packages: false },
};

const BUILTINS = new Set(builtinModules);

/** What is wrong with the imports of one file; `path` is below src. */
function violations(path: string, text: string): string[] {
  const name = path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
  const room = path.includes('/') ? ROOMS[name] : ENTRIES[name];
  if (room === undefined) return [`${path} is in no room of the table`];
  return importsOf(text).flatMap((target) => {
    if (target.startsWith('node:')) return [];
    if (!target.startsWith('.')) {
      if (BUILTINS.has(target)) return [`${path}: ${target} without node:`];
      return room.packages ? [] : [`${path}: the npm package ${target}`];
    }
    const file = posix.normalize(posix.join(posix.dirname(path), target));
    const isOwn = path.includes('/') && file.startsWith(`${name}/`);
    const allowed = [...room.from, ...(room.starts ?? [])];
    // The package's own manifest, for its version.
    const isManifest = file === '../package.json' || file === '../../package.json';
    const isAllowed = isOwn || isManifest || allowed.some((prefix) => file.startsWith(prefix));
    return isAllowed ? [] : [`${path}: ${file}`];
  });
}

const files = projectFiles().filter((path) => /^src\/.*\.tsx?$/.test(path));

describe('the rooms of src', () => {
  it('import only what the table allows', () => {
    const found = files.flatMap((path) =>
      violations(path.slice('src/'.length), readFileSync(join(ROOT, path), 'utf8')),
    );
    expect(found).toEqual([]);
  });

  it('import at all: the scan sees the statements', () => {
    const seen = files.flatMap((path) => importsOf(readFileSync(join(ROOT, path), 'utf8')));
    expect(seen).toContain('../shared/options.js');
    expect(seen).toContain('node:worker_threads');
    expect(seen).toContain('../workers/agent-worker.js');
  });
});

describe('the table', () => {
  it.each([
    ['agent/a.ts', "import { pack } from 'msgpackr';"],
    ['agent/a.ts', "import type { Batch } from '../transport/batch.js';"],
    ['agent/a.ts', "import { Window } from '../workers/window.js';"],
    ['agent/probes/a.ts', "const m = await import('undici');"],
    ['agent/a.ts', "export { a } from '../cli/a.js';"],
    ['workers/a.ts', "import { a } from '../agent/a.js';"],
    ['workers/a.ts', "import { a } from '../collector/a.js';"],
    ['transport/a.ts', "import { a } from '../workers/a.js';"],
    ['collector/store/a.ts', "import { a } from '../../workers/window.js';"],
    ['cli/a.ts', "import { a } from '../agent/a.js';"],
    ['shared/a.ts', "import { a } from '../transport/a.js';"],
    ['shared/a.ts', "import 'hono';"],
    ['index.ts', "import { a } from './shared/options.js';"],
    ['other/a.ts', ''],
    ['agent/a.ts', "import { a } from 'fs';"],
  ])('refuses in %s: %s', (path, text) => {
    expect(violations(path, text)).toHaveLength(1);
  });

  it.each([
    ['agent/probes/a.ts', "import { a } from '../recorder.js';\nimport 'node:http';"],
    ['agent/a.ts', "new Worker(new URL('../workers/agent-worker.js', import.meta.url));"],
    ['agent/a.ts', "// import { pack } from 'msgpackr';"],
    ['collector/query/a.ts', "new URL('../../workers/query-pool.js', import.meta.url);"],
    ['cli/a.ts', "const { run } = await import('../collector/server.js');"],
    ['register.ts', "import { startAgent } from './agent/agent.js';"],
  ])('allows in %s: %s', (path, text) => {
    expect(violations(path, text)).toEqual([]);
  });
});
