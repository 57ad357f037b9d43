import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { areHooksSafe, watchEsm } from '../../src/agent/esm-exports.js';

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
  watchEsm(watched, join(folder, 'app.mjs'), () => {});
  expect(Object.getOwnPropertySymbols(globalThis).length).toBe(before);
  rmSync(folder, { recursive: true });
});
