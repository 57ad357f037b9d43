import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installNode } from '../../scripts/install-node.js';
import { ApplicationPackages } from '../../src/agent/application-packages.js';
import { areHooksSafe, watchEsm } from '../../src/agent/esm-exports.js';
import { cleanEnvironment, REGISTER } from '../support/run-app.js';

describe('areHooksSafe', () => {
  it.each(['22.22.3', '22.23.0', '24.11.1', '24.12.0', '25.1.0', '26.0.0', '27.3.1'])(
    'is true for %s',
    (version) => expect(areHooksSafe(version)).toBe(true),
  );

  it.each(['20.20.2', '22.22.2', '22.15.0', '23.11.1', '24.11.0', '24.4.1', '25.0.0'])(
    'is false for %s',
    (version) => expect(areHooksSafe(version)).toBe(false),
  );
});

it('does nothing when the package is not installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-esm-'));
  const before = Object.getOwnPropertySymbols(globalThis).length;
  const onLoad = (): never => {
    throw new Error('loaded');
  };
  const watched = {
    packageName: 'no-such-framework',
    files: ['index.js'],
    probe: 'routes',
    onLoad,
  };
  watchEsm(watched, new ApplicationPackages(join(folder, 'app.mjs')), () => {});
  expect(Object.getOwnPropertySymbols(globalThis).length).toBe(before);
  rmSync(folder, { recursive: true });
});

it.each(['required', 'imported'])(
  'a CommonJS file that an older version has at the same path is %s as it is',
  (how) => {
    const folder = mkdtempSync(join(tmpdir(), 'tachograph-esm-'));
    const library = join(folder, 'node_modules/mariadb');
    mkdirSync(join(library, 'lib'), { recursive: true });
    writeFileSync(join(library, 'package.json'), '{"name":"mariadb","version":"3.4.0"}');
    const file = join(library, 'lib/connection.js');
    writeFileSync(file, 'class Connection {}\nmodule.exports = Connection;');
    const app = join(folder, how === 'required' ? 'app.cjs' : 'app.mjs');
    const name = `'mariadb/lib/connection.js'`;
    const load = how === 'required' ? `const C = require(${name})` : `import C from ${name}`;
    writeFileSync(app, `${load}; console.log(C.name);`);
    const { binary } = installNode('24');
    const env = { ...cleanEnvironment(), TACHOGRAPH_SPOOL_DIR: join(folder, 'spool') };
    const said = spawnSync(binary, ['--import', REGISTER, app], { encoding: 'utf8', env });
    rmSync(folder, { recursive: true });
    expect([said.stdout, said.stderr]).toEqual(['Connection\n', '']);
  },
  300_000,
);
