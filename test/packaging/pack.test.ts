/**
 * The package as users get it: packed, installed into an empty project by npm, and preloaded into
 * applications. On this Node.js, or on each of TACHOGRAPH_TEST_NODES (paths, comma-separated).
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../project/source-files.js';
import { freeUrl } from '../support/free-url.js';

/** 203 kB and 634 kB on 2026-11-24; there is room for what is planned, not for an accident. */
const PACKED_BYTES_MAX = 400_000;
const UNPACKED_BYTES_MAX = 1_400_000;
const NODES = process.env.TACHOGRAPH_TEST_NODES?.split(',') ?? [process.execPath];
const APPS = join(ROOT, 'test/packaging/apps');
const TSX = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

let folder: string;
let project: string;
let packed: Packed;
let npm: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tachograph-pack-')));
  project = join(folder, 'project');
  mkdirSync(project);
  npm = npmScript();
  const listing = mustRun([npm, 'pack', '--json', '--pack-destination', folder], ROOT);
  // An array until npm 11, an object by package name since.
  [packed] = Object.values(JSON.parse(listing)) as [Packed];
  writeFileSync(
    join(project, 'package.json'),
    '{"name":"orders","version":"7.0.0","private":true}',
  );
  mustRun([npm, 'install', '--no-audit', '--no-fund', join(folder, packed.filename)], project);
  cpSync(APPS, project, { recursive: true });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** npm's own script, to be run by any Node.js. */
function npmScript(): string {
  const named = process.env.npm_execpath;
  if (named?.endsWith('npm-cli.js')) return named;
  const root = spawnSync('npm', ['root', '--global'], { encoding: 'utf8' }).stdout.trim();
  return join(root, 'npm/bin/npm-cli.js');
}

function mustRun(args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return stdout;
}

describe('the tarball', () => {
  it('is small', () => {
    expect(packed.size).toBeLessThan(PACKED_BYTES_MAX);
    expect(packed.unpackedSize).toBeLessThan(UNPACKED_BYTES_MAX);
  });

  it('holds dist and the documents about the package, and nothing else', () => {
    const others = packed.files
      .map(({ path }) => path)
      .filter((path) => !/^dist\/[a-z0-9/-]+(?:\.d\.ts|\.js)$/.test(path));
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
    ]);
  });

  it('holds what package.json points to, the command executable', () => {
    const files = new Map(packed.files.map(({ path, mode }) => [path, mode]));
    const { bin, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const targets = [bin.tachograph, exports['.'], exports['./register']].flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target as Record<string, string>),
    );
    expect(targets).toHaveLength(5);
    for (const target of targets) expect(files.has(target.replace('./', ''))).toBe(true);
    expect(files.get('dist/cli/main.js')! & 0o111).toBe(0o111);
  });

  it('installs a command that runs', () => {
    const command = join(project, 'node_modules/.bin/tachograph');
    const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toBe('0.1.0\n');
  });
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Points of the requests' metric. */
  readonly requests: readonly Point[];
  /** Every process that wrote anything. */
  readonly boots: ReadonlySet<string>;
  readonly points: readonly Point[];
}

interface Point {
  readonly name: string;
  readonly boot: string;
  readonly count: number;
  readonly 'service.name': string;
  readonly 'service.version': string;
  readonly 'process.pid': string;
}

let runs = 0;

function runNode(node: string, args: readonly string[], nodeOptions = ''): Ran {
  const file = join(folder, `run-${runs++}.ndjson`);
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: project,
    encoding: 'utf8',
    timeout: 50_000,
    env: {
      ...inherited,
      ...(nodeOptions === '' ? {} : { NODE_OPTIONS: nodeOptions }),
      TACHOGRAPH_URL: pathToFileURL(file).href,
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      TACHOGRAPH_TEST_FILE: file,
    },
  });
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  const points = lines.map((line) => JSON.parse(line) as Point);
  return {
    code: status,
    out: stdout,
    err: stderr,
    points,
    requests: points.filter(({ name }) => name === 'http.server.request.duration'),
    boots: new Set(points.map(({ boot }) => boot)),
  };
}

const countOf = (points: readonly Point[]): number =>
  points.reduce((sum, { count }) => sum + count, 0);

/** It ran as without the agent, and `processes` of them recorded `requests` in all. */
function expectRecorded(ran: Ran, processes: number, requests: number): void {
  expect(ran).toMatchObject({ code: 0, out: 'done\n', err: '' });
  expect(ran.boots.size).toBe(processes);
  expect(countOf(ran.requests)).toBe(requests);
  expect(new Set(ran.points.map((point) => point['service.name']))).toEqual(new Set(['orders']));
}

describe.each(NODES)('on %s', (node) => {
  const PRELOAD = ['--import', 'tachograph'];

  it('records an application of ES modules', () => {
    expectRecorded(runNode(node, [...PRELOAD, 'app.mjs']), 1, 5);
  });

  it('records a CommonJS application', () => {
    expectRecorded(runNode(node, [...PRELOAD, 'app.cjs']), 1, 5);
  });

  it('records a CommonJS application that preloads it with --require', () => {
    expectRecorded(runNode(node, ['--require', 'tachograph', 'app.cjs']), 1, 5);
  });

  it('records a TypeScript application', () => {
    const feature = spawnSync(node, ['-p', 'process.features.typescript'], { encoding: 'utf8' });
    const isNative = feature.stdout.trim() === 'strip' || feature.stdout.trim() === 'transform';
    const loader = isNative ? [] : ['--import', TSX];
    expectRecorded(runNode(node, [...PRELOAD, ...loader, 'app.mts']), 1, 5);
  });

  it('records through NODE_OPTIONS', () => {
    expectRecorded(runNode(node, ['app.mjs'], '--import tachograph'), 1, 5);
    expectRecorded(runNode(node, ['app.cjs'], '--import=tachograph'), 1, 5);
  });

  it('records with tachograph/register', () => {
    expectRecorded(runNode(node, ['--import', 'tachograph/register', 'app.mjs']), 1, 5);
  });

  it('records each worker of a cluster and its primary', () => {
    const ran = runNode(node, [...PRELOAD, 'cluster.mjs']);
    expectRecorded(ran, 3, 10);
    expect(new Set(ran.requests.map(({ boot }) => boot)).size).toBe(2);
  });

  it('records worker threads, as one process', () => {
    expectRecorded(runNode(node, [...PRELOAD, 'threads.mjs']), 1, 10);
  });

  it('records a forked child', () => {
    expectRecorded(runNode(node, [...PRELOAD, 'fork.mjs']), 2, 10);
  });

  it('is one agent a process, however often it is asked for', () => {
    const args = [...PRELOAD, '--import', 'tachograph/register', 'many.mjs'];
    expectRecorded(runNode(node, args, '--import tachograph'), 1, 5);
  });

  it('brings a collector that stores what the agent sends', async () => {
    const url = await freeUrl();
    const main = join(project, 'node_modules/tachograph/dist/cli/main.js');
    const data = join(folder, `data-${runs++}`);
    const { status, stdout } = spawnSync(
      node,
      [main, 'run', '--url', url, '--', node, 'collected.mjs'],
      {
        cwd: project,
        encoding: 'utf8',
        timeout: 50_000,
        env: { ...process.env, TACHOGRAPH_COLLECTOR_DATA: data, TACHOGRAPH_WINDOW: '1s' },
      },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'done\n' });
  });

  it('does nothing when it is imported without the flag', () => {
    const ran = runNode(node, ['imported.mjs']);
    expect(ran).toMatchObject({ code: 0, err: '', points: [] });
    const { before, after, workers } = JSON.parse(ran.out);
    expect(after).toEqual(before);
    expect(workers).toBe(0);
  });

  it('does nothing when it is switched off', () => {
    const code = "console.log(process.eventNames().length, process.listenerCount('exit'))";
    // Node itself listens while a module is preloaded.
    const plain = runNode(node, ['--import', 'data:text/javascript,', '-e', code]);
    process.env.TACHOGRAPH_ENABLED = 'off';
    try {
      expect(runNode(node, [...PRELOAD, '-e', code])).toMatchObject({ out: plain.out, points: [] });
    } finally {
      delete process.env.TACHOGRAPH_ENABLED;
    }
  });

  describe('leaves alone under NODE_OPTIONS', () => {
    const npx = (): string => npm.replace('npm-cli.js', 'npx-cli.js');
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    it.each([
      ['npm', () => [npm, '--version']],
      ['npm that fails', () => [npm, 'run', 'no-such-script', '--loglevel=silent']],
      ['npx', () => [npx(), '--version']],
      ['tsc', () => [tsc, '--version']],
      ['tsc that fails', () => [tsc, '--noEmit', 'no-such-file.ts']],
    ])('%s', (_name, args) => {
      const plain = runNode(node, args());
      const under = runNode(node, args(), '--import tachograph');
      expect(under).toEqual({ ...plain });
      expect(under.points).toEqual([]);
    });

    it('npm, but not the script that npm runs', () => {
      const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
      manifest.scripts = { start: `"${node}" app.cjs` };
      writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
      const ran = runNode(node, [npm, '--silent', 'start'], '--import tachograph');
      expect(ran.code).toBe(0);
      expect(ran.boots.size).toBe(1);
      expect(countOf(ran.requests)).toBe(5);
    });
  });
});
