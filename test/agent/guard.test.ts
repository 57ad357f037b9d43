import { describe, expect, it } from 'vitest';
import { isTool } from '../../src/agent/guard.js';
import { selectProbes } from '../../src/agent/probe-table.js';

describe('guard', () => {
  it.each([
    '/usr/local/bin/npm',
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    '/usr/lib/node_modules/npm/bin/npx-cli.js',
    'C:\\tools\\yarn.js',
    '/x/pnpm.cjs',
    '/app/node_modules/.bin/tsc',
    '/app/node_modules/tachograph/dist/cli/main.js',
    '/app/.yarn/releases/yarn-4.9.2.cjs',
    'C:\\app\\.yarn\\releases\\yarn-1.22.22.js',
    '/usr/local/bin/pm2-runtime',
    '/usr/local/lib/node_modules/pm2/lib/Daemon.js',
  ])('takes %s for a tool', (script) => {
    expect(isTool(script)).toBe(true);
  });

  it.each([
    undefined,
    '/app/server.js',
    '/app/npm-registry.js',
    '/npm/app.js',
    '/app/cli/main.js',
    '/app/yarn-stock.js',
    '/app/lib/Daemon.js',
    '/usr/local/lib/node_modules/pm2/lib/ProcessContainerFork.js',
  ])('takes %s for an application', (script) => {
    expect(isTool(script)).toBe(false);
  });
});

describe('probe selection', () => {
  const names = (given: string[]): string[] => selectProbes(given).probes.map(({ name }) => name);

  it('runs all by default, all but the excluded, or only the named', () => {
    expect(names(['all'])).toContain('net');
    expect(names(['all', '-net'])).not.toContain('net');
    expect(names(['-net'])).toContain('gc');
    expect(names(['gc'])).toEqual(['gc']);
  });

  it('reports names that are no probe', () => {
    expect(selectProbes(['all', '-nte', 'foo']).unknown).toEqual(['foo', 'nte']);
  });
});
