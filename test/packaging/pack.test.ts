/**
 * The package as users get it: packed, installed into an empty project by npm, and preloaded into
 * applications. On this Node.js, or on each of TACHOGRAPH_TEST_NODES (paths, comma-separated).
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importsOf, ROOT } from '../project/source-files.js';
import { freeUrl } from '../support/free-url.js';
import { countOf, PackedProject, type Ran, type RunOptions } from './packed-project.js';

/** 203 kB and 634 kB on 2026-11-24, 339 kB and 1.07 MB on 2026-11-27, with dashboard, beacon, alerts, reports and advice 751 kB and 2.34 MB; there is room for what is planned, not for an accident. */
const PACKED_BYTES_MAX = 850_000;
const UNPACKED_BYTES_MAX = 2_700_000;
const NODES = process.env.TACHOGRAPH_TEST_NODES?.split(',') ?? [process.execPath];
const TSX = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;

let packaged: PackedProject;
beforeAll(() => {
  packaged = new PackedProject();
}, 300_000);
afterAll(() => packaged.remove());

describe('the tarball', () => {
  it('is small', () => {
    expect(packaged.packed.size).toBeLessThan(PACKED_BYTES_MAX);
    expect(packaged.packed.unpackedSize).toBeLessThan(UNPACKED_BYTES_MAX);
  });

  it('holds dist and the documents about the package, and nothing else', () => {
    const others = packaged.packed.files
      .map(({ path }) => path)
      .filter((path) => !/^dist\/[a-z0-9/-]+(?:\.d\.ts|\.js)$/.test(path))
      .filter((path) => !/^dist\/workers\/part-[a-z-]+-[A-Z0-9]{8}\.js$/.test(path))
      .filter((path) => !/^dist\/browser\/dashboard\/(?:index\.html|app\.css)$/.test(path));
    expect(others.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
    ]);
  });

  it('holds what package.json points to, the command executable', () => {
    const files = new Map(packaged.packed.files.map(({ path, mode }) => [path, mode]));
    const { bin, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const targets = [bin.tachograph, exports['.'], exports['./register']].flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target as Record<string, string>),
    );
    expect(targets).toHaveLength(5);
    for (const target of targets) expect(files.has(target.replace('./', ''))).toBe(true);
    expect(files.get('dist/cli/main.js')! & 0o111).toBe(0o111);
  });

  it('holds every file that one of its files names', () => {
    const paths = new Set(packaged.packed.files.map(({ path }) => path));
    const installed = join(packaged.project, 'node_modules/tachograph');
    const missing = [...paths]
      .filter((path) => /^dist\/(?!late\/)/.test(path))
      .flatMap((path) =>
        importsOf(readFileSync(join(installed, path), 'utf8'))
          .filter((target) => /^\..*\.js$/.test(target))
          .map((target) => posix.join(posix.dirname(path), target))
          .map((target) => (path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target)),
      )
      .filter((target) => !paths.has(target));
    expect(missing).toEqual([]);
    expect([...paths].some((path) => path.startsWith('dist/late/'))).toBe(true);
  });

  it('installs a command that runs', () => {
    const command = join(packaged.project, 'node_modules/.bin/tachograph');
    const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toBe('0.1.0\n');
  });
});

const IMPORTS = "import './app.cjs'";

/** What the application did and said, but for times. */
function behaviourOf({ code, out, err }: Ran): object {
  const timeless = out.replace(/duration_ms[: ]+[\d.]+/g, 'duration_ms');
  return { code, out: timeless, err };
}

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
    expectRecorded(packaged.run(node, [...PRELOAD, 'app.mjs']), 1, 5);
  });

  it('records a CommonJS application', () => {
    expectRecorded(packaged.run(node, [...PRELOAD, 'app.cjs']), 1, 5);
  });

  it('records a CommonJS application that preloads it with --require', () => {
    expectRecorded(packaged.run(node, ['--require', 'tachograph', 'app.cjs']), 1, 5);
  });

  it('records a TypeScript application', () => {
    const feature = spawnSync(node, ['-p', 'process.features.typescript'], { encoding: 'utf8' });
    const isNative = feature.stdout.trim() === 'strip' || feature.stdout.trim() === 'transform';
    const loader = isNative ? [] : ['--import', TSX];
    expectRecorded(packaged.run(node, [...PRELOAD, ...loader, 'app.mts']), 1, 5);
  });

  it('records through NODE_OPTIONS', () => {
    expectRecorded(packaged.run(node, ['app.mjs'], { nodeOptions: '--import tachograph' }), 1, 5);
    expectRecorded(packaged.run(node, ['app.cjs'], { nodeOptions: '--import=tachograph' }), 1, 5);
  });

  it('records with tachograph/register', () => {
    expectRecorded(packaged.run(node, ['--import', 'tachograph/register', 'app.mjs']), 1, 5);
  });

  it('records each worker of a cluster and its primary', () => {
    const ran = packaged.run(node, [...PRELOAD, 'cluster.mjs']);
    expectRecorded(ran, 3, 10);
    expect(new Set(ran.requests.map(({ boot }) => boot)).size).toBe(2);
  });

  it('records worker threads, as one process', () => {
    expectRecorded(packaged.run(node, [...PRELOAD, 'threads.mjs']), 1, 10);
  });

  it('records a forked child', () => {
    expectRecorded(packaged.run(node, [...PRELOAD, 'fork.mjs']), 2, 10);
  });

  it('is one agent a process, however often it is asked for', () => {
    const args = [...PRELOAD, '--import', 'tachograph/register', 'many.mjs'];
    expectRecorded(packaged.run(node, args, { nodeOptions: '--import tachograph' }), 1, 5);
  });

  describe('is one agent a process, and changes nothing else, for', () => {
    const SERVE = "require('./app.cjs')";
    it.each<[string, readonly string[], RunOptions]>([
      ['code of the command line', ['-e', SERVE], {}],
      ['code whose value is printed', ['-p', `${SERVE}; 'value'`], {}],
      ['a program that comes by standard input', [], { input: SERVE }],
      ['a program that comes by standard input, by name', ['-'], { input: SERVE }],
      ['an ES module that comes by standard input', ['--input-type=module'], { input: IMPORTS }],
    ])('%s', (_name, args, options) => {
      const plain = packaged.run(node, args, { ...options, isBare: true });
      const nodeOptions = '--import tachograph';
      for (const ran of [
        packaged.run(node, [...PRELOAD, ...args], options),
        packaged.run(node, args, { ...options, nodeOptions }),
      ]) {
        expect(behaviourOf(ran)).toEqual(behaviourOf(plain));
        expect(ran).toMatchObject({ code: 0, err: '' });
        expect(ran.boots.size).toBe(1);
        expect(countOf(ran.requests)).toBe(5);
      }
    });

    it.each<[string, number, readonly string[]]>([
      ['pass', 0, ['tests-one.mjs', 'tests-two.mjs']],
      ['fail', 1, ['tests-one.mjs', 'tests-failing.mjs']],
    ])('a test runner and the processes of its tests, which %s', (_name, code, files) => {
      const args = ['--test', '--test-reporter=tap', ...files];
      const plain = packaged.run(node, args, { isBare: true });
      for (const ran of [
        packaged.run(node, [...PRELOAD, ...args]),
        packaged.run(node, args, { nodeOptions: '--import tachograph' }),
      ]) {
        expect(ran.code).toBe(code);
        expect(behaviourOf(ran)).toEqual(behaviourOf(plain));
        expect(new Set(ran.requests.map(({ boot }) => boot)).size).toBe(2);
        // The runner itself preloads something in some versions, and nothing in others.
        expect(ran.boots.size).toBe(new Set(ran.points.map((point) => point['process.pid'])).size);
        expect(countOf(ran.requests)).toBe(10);
      }
    });

    it('a script that is over after 10 ms, which is not recorded', () => {
      const args = ['-e', "setTimeout(() => console.log('over'), 10); process.exitCode = 5"];
      const ran = packaged.run(node, [...PRELOAD, ...args]);
      expect(behaviourOf(ran)).toEqual(behaviourOf(packaged.run(node, args)));
      expect(ran).toMatchObject({ code: 5, out: 'over\n', err: '', points: [] });
    });
  });

  it('brings a collector that stores what the agent sends', async () => {
    const url = await freeUrl();
    const main = join(packaged.project, 'node_modules/tachograph/dist/cli/main.js');
    const data = join(packaged.folder, `data${node.replaceAll('/', '-')}`);
    const { status, stdout } = spawnSync(
      node,
      [main, 'run', '--url', url, '--', node, 'collected.mjs'],
      {
        cwd: packaged.project,
        encoding: 'utf8',
        timeout: 50_000,
        env: { ...process.env, TACHOGRAPH_COLLECTOR_DATA: data, TACHOGRAPH_WINDOW: '1s' },
      },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'done\n' });
  });

  it('does nothing when it is imported without the flag', () => {
    const ran = packaged.run(node, ['imported.mjs']);
    expect(ran).toMatchObject({ code: 0, err: '', points: [] });
    const { before, after, workers } = JSON.parse(ran.out);
    expect(after).toEqual(before);
    expect(workers).toBe(0);
  });

  it('does nothing when it is switched off', () => {
    const code = "console.log(process.eventNames().length, process.listenerCount('exit'))";
    // Node itself listens while a module is preloaded.
    const plain = packaged.run(node, ['--import', 'data:text/javascript,', '-e', code]);
    process.env.TACHOGRAPH_ENABLED = 'off';
    try {
      expect(packaged.run(node, [...PRELOAD, '-e', code])).toMatchObject({
        out: plain.out,
        points: [],
      });
    } finally {
      delete process.env.TACHOGRAPH_ENABLED;
    }
  });

  describe('leaves alone under NODE_OPTIONS', () => {
    const npx = (): string => packaged.npm.replace('npm-cli.js', 'npx-cli.js');
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    it.each([
      ['npm', () => [packaged.npm, '--version']],
      ['npm that fails', () => [packaged.npm, 'run', 'no-such-script', '--loglevel=silent']],
      ['npx', () => [npx(), '--version']],
      ['tsc', () => [tsc, '--version']],
      ['tsc that fails', () => [tsc, '--noEmit', 'no-such-file.ts']],
    ])('%s', (_name, args) => {
      const plain = packaged.run(node, args());
      const under = packaged.run(node, args(), { nodeOptions: '--import tachograph' });
      expect(under).toEqual({ ...plain });
      expect(under.points).toEqual([]);
    });

    it('npm, but not the script that npm runs', () => {
      const manifest = JSON.parse(readFileSync(join(packaged.project, 'package.json'), 'utf8'));
      manifest.scripts = { start: `"${node}" app.cjs` };
      writeFileSync(join(packaged.project, 'package.json'), JSON.stringify(manifest));
      const ran = packaged.run(node, [packaged.npm, '--silent', 'start'], {
        nodeOptions: '--import tachograph',
      });
      expect(ran.code).toBe(0);
      expect(ran.boots.size).toBe(1);
      expect(countOf(ran.requests)).toBe(5);
    });
  });
});
