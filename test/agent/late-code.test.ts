import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LateCode, LateCodeError } from '../../src/agent/late-code.js';
import { ROOT } from '../project/source-files.js';
import { cleanEnvironment, countOf, makeFolder, PATIENT, runApp } from '../support/run-app.js';

const folder = makeFolder();
const late = join(folder.path, 'late');
afterAll(() => folder.remove());

function write(file: string, body: string): void {
  mkdirSync(join(late, file, '..'), { recursive: true });
  writeFileSync(join(late, file), `(function(load){${body}})`);
}

describe('late code', () => {
  const clock = { nowMs: () => 7 };
  const code = (): LateCode =>
    new LateCode(pathToFileURL(`${late}/`), { 'agent/clock.js': clock } as never);

  it('shares with the preload what that has, and among its files what they have', () => {
    write('agent/layers/base.js', "return {nowMs:load('../clock.js').nowMs,made:{}}");
    write('agent/layers/one.js', "return {base:load('./base.js')}");
    write('agent/databases/two.js', "return {base:load('../layers/base.js')}");
    const loader = code();
    const { base } = loader.load('agent/layers/one.js') as { base: { nowMs: unknown } };
    expect(base.nowMs).toBe(clock.nowMs);
    expect(loader.load('agent/databases/two.js').base).toBe(base);
    expect(loader.load('agent/layers/one.js').base).toBe(base);
  });

  it('has the modules of Node', () => {
    write('agent/node.js', "return {Module:load('node:module')}");
    expect(code().load('agent/node.js').Module).toBe(process.getBuiltinModule('node:module'));
  });

  it.each([
    ['is missing', undefined],
    ['is cut off', 'return {'],
  ])('says which when a file %s', (_name, body) => {
    if (body !== undefined) write('agent/bad.js', body);
    expect(() => code().load('agent/bad.js')).toThrow(LateCodeError);
    expect(() => code().load('agent/bad.js')).toThrow('a part of the agent cannot be loaded: ');
  });
});

describe('an agent whose late code is gone', () => {
  const copy = join(folder.path, 'copy');
  const register = pathToFileURL(join(copy, 'dist/register.js')).href;
  const run = (script: string, env = {}) =>
    runApp(script, {
      isBare: true,
      flags: ['--import', register],
      env: { ...PATIENT, ...env },
    });
  beforeAll(() => {
    mkdirSync(copy);
    for (const name of ['dist', 'package.json']) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    rmSync(join(copy, 'dist/late'), { recursive: true });
  });

  it('needs none of it for an application without such libraries', () => {
    const serve =
      "const s=require('http').createServer().listen(0,()=>s.close());console.log('up')";
    const env = { ...cleanEnvironment(), TACHOGRAPH_URL: 'file:///dev/null' };
    const spool = { TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool') };
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', register, '-e', serve],
      { cwd: folder.path, env: { ...env, ...spool }, encoding: 'utf8' },
    );
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'up\n', stderr: '' });
  });

  it.each(['express.cjs', 'koa.mjs', 'fastify.cjs'])(
    'leaves layers/%s untouched, with one warning, and records its requests',
    async (script) => {
      const bare = await runApp(`layers/${script}`, { isBare: true });
      const { code, stdout, stderr, lines } = await run(`layers/${script}`);
      expect({ code, stdout }).toEqual({ code: bare.code, stdout: bare.stdout });
      expect(stderr.match(/\[TACHO_\w+\]/g)).toEqual(['[TACHO_PROBE_OFF]']);
      expect(stderr).toContain('a part of the agent cannot be loaded: ENOENT');
      expect(countOf(lines, 'http.server.request.duration')).toBeGreaterThan(0);
    },
  );

  it('goes on without debug headers', async () => {
    const { code, stderr } = await run('debug-headers.mjs', { TACHOGRAPH_DEBUG_HEADERS: 'on' });
    expect(code).toBe(0);
    expect(stderr.match(/\[TACHO_\w+\]/g)).toEqual(['[TACHO_PROBE_OFF]']);
  });
});

it('the preload holds nothing of an adapter but its row', () => {
  const preload = readFileSync(join(ROOT, 'dist/register.js'), 'utf8');
  expect(preload).toContain('koa/lib/application.js');
  expect(preload).not.toContain('unlessUnmatched');
});
