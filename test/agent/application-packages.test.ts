import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApplicationPackages } from '../../src/agent/application-packages.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tachograph-packages-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(...path: string[]): string {
  const installed = join(folder, ...path);
  mkdirSync(installed, { recursive: true });
  return installed;
}

describe('find', () => {
  it('takes the nearest folder that has the package, scoped ones too', () => {
    const far = install('node_modules/pg');
    const near = install('services/a/node_modules/@scope/pg');
    const packages = new ApplicationPackages(join(folder, 'services/a/src/app.mjs'));
    expect(packages.find('pg')).toBe(far);
    expect(packages.find('@scope/pg')).toBe(near);
    install('services/a/node_modules/pg');
    expect(packages.find('pg')).toBe(join(folder, 'services/a/node_modules/pg'));
  });

  it('is undefined for what is installed nowhere above the entry', () => {
    install('services/a/node_modules/pg');
    const packages = new ApplicationPackages(join(folder, 'services/b/app.mjs'));
    expect(packages.find('pg')).toBeUndefined();
  });
});

describe('usesAsEsm', () => {
  const manifest = (type: string): void =>
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ type, devDependencies: { hono: '4' } }),
    );

  it.each([
    ['module', 'app.js', true],
    ['module', 'app.cjs', false],
    ['commonjs', 'app.js', false],
    ['commonjs', 'app.mts', true],
  ])('of a package of type %s, for %s: %s', (type, script, expected) => {
    manifest(type);
    const packages = new ApplicationPackages(join(install('src'), script));
    expect(packages.usesAsEsm('hono')).toBe(expected);
    expect(packages.usesAsEsm('express')).toBe(false);
  });

  it('throws where the manifest is no JSON', () => {
    writeFileSync(join(folder, 'package.json'), '{');
    const packages = new ApplicationPackages(join(folder, 'app.mjs'));
    expect(() => packages.usesAsEsm('hono')).toThrow(SyntaxError);
  });
});
