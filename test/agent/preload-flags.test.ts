import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPreloaded, pinned } from '../../src/agent/preload-flags.js';
import { ROOT } from '../project/source-files.js';
import { cleanEnvironment, makeFolder } from '../support/run-app.js';

describe('preload flags', () => {
  it.each([
    [['--import', 'tachograph'], undefined],
    [['--import=tachograph'], undefined],
    [['--require', 'tachograph'], undefined],
    [['-r', 'tachograph'], undefined],
    [[], '--max-old-space-size=64 --import tachograph'],
    [[], '--import="tachograph"'],
  ])('finds the agent in %j and NODE_OPTIONS %j', (flags, options) => {
    expect(isPreloaded(flags, options)).toBe(true);
  });

  it.each([
    [[], undefined],
    [['--import', 'tachograph/register'], undefined],
    [['--import', './tachograph.js'], '--import tsx'],
    [['--title', 'tachograph'], ''],
    [[], '--import=not-tachograph'],
  ])('does not find it in %j and NODE_OPTIONS %j', (flags, options) => {
    expect(isPreloaded(flags, options)).toBe(false);
  });
});

describe('flags for children', () => {
  const path = join(ROOT, 'dist', 'register.js');
  const { href } = pathToFileURL(path);

  it.each([
    [
      ['--import', 'tachograph'],
      ['--import', href],
    ],
    [[`--import=tachograph/register`], [`--import=${href}`]],
    [
      ['-r', 'tachograph'],
      ['-r', path],
    ],
    [['--require=tachograph'], [`--require=${path}`]],
  ])('have the path in the place of the name: %j', (flags, expected) => {
    expect(pinned(flags, href)).toEqual(expected);
  });

  it.each([[['--title', 'tachograph']], [['--import=./tachograph', '--import', 'tachograph2']]])(
    'are otherwise as they were: %j',
    (flags) => expect(pinned(flags, href)).toEqual(flags),
  );
});

describe('an application that was started by the name of the package', () => {
  const folder = makeFolder();
  const within = (...names: string[]): string => join(folder.path, ...names);
  beforeAll(() => {
    for (const name of ['app/node_modules', 'elsewhere']) {
      mkdirSync(within(name), { recursive: true });
    }
    symlinkSync(ROOT, within('app/node_modules/tachograph'), 'dir');
    const child = 'console.log(Symbol.for("tachograph.started") in globalThis)';
    writeFileSync(within('app/child.cjs'), child);
  });
  afterAll(folder.remove);

  it.each([
    [
      '--import forks a child in another folder',
      `require('node:child_process').fork(CHILD, { cwd: ELSEWHERE })`,
    ],
    [
      '--require forks a child once it is in another folder',
      `process.chdir(ELSEWHERE); require('node:child_process').fork(CHILD)`,
    ],
    [
      '--import has workers of a cluster once it is in another folder',
      `const cluster = require('node:cluster'); cluster.setupPrimary({ exec: CHILD });
       process.chdir(ELSEWHERE); cluster.fork().on('online', function () { this.disconnect(); })`,
    ],
  ])('by %s, which start and are recorded', (what, code) => {
    const names = [within('app/child.cjs'), within('elsewhere')].map((name) =>
      JSON.stringify(name),
    );
    const script = `const [CHILD, ELSEWHERE] = [${names}]; ${code}`;
    writeFileSync(within('app/parent.cjs'), script);
    const [flag] = what.split(' ');
    const env = {
      ...cleanEnvironment(),
      TACHOGRAPH_SPOOL_DIR: within('spool'),
      TACHOGRAPH_URL: pathToFileURL(within('out.ndjson')).href,
    };
    const { stdout, stderr } = spawnSync(process.execPath, [flag!, 'tachograph', 'parent.cjs'], {
      cwd: within('app'),
      encoding: 'utf8',
      env,
    });
    expect([stdout, stderr]).toEqual(['true\n', '']);
  });
});
