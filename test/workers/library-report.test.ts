import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NET_CONNECT_DURATION } from '../../src/shared/metrics.js';
import {
  LIBRARY_EVENT,
  readLibrary,
  readUncovered,
  UNCOVERED_EVENT,
} from '../../src/transport/library-event.js';
import { LibraryReport } from '../../src/workers/library-report.js';
import { packagesIn, verdictOf } from '../../src/workers/tested-versions.js';
import { Window } from '../../src/workers/window.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A package of the application, and a file in a build of it with a package.json without a name. */
function install(name: string, version: string): string {
  const path = join(folder, 'node_modules', name);
  mkdirSync(join(path, 'lib/cjs'), { recursive: true });
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version }));
  writeFileSync(join(path, 'lib/cjs/package.json'), JSON.stringify({ type: 'commonjs' }));
  return join(path, 'lib/cjs/client.js');
}

const met = (tested: string, path: string | undefined) => ({
  adapter: 'a library',
  tested,
  tier: 'after-hook',
  probe: 'databases',
  path,
});

function windowOf(port: string, error?: string) {
  const window = new Window({ digits: 2, seriesMax: 100 });
  const attributes: [string, string][] = [
    ['server.address', 'db.example'],
    ['server.port', port],
  ];
  if (error !== undefined) attributes.unshift(['error.type', error]);
  window.observe(NET_CONNECT_DURATION, 5, attributes);
  return window.contents().histograms;
}

describe('a version', () => {
  const tested = 'express 5.1 with router 2.2, express 5.3, nest 11, 12, @koa/router 13.1';
  it.each([
    ['express', '5.1.0', 'inside'],
    ['express', '5.2.7', 'inside'],
    ['express', '5.4.0', 'newer'],
    ['express', '5.0.1', 'outside'],
    ['express', '4.22.0', 'outside'],
    ['router', '2.2.0', 'inside'],
    ['nest', '12.7.1', 'inside'],
    ['nest', '13.0.0', 'outside'],
    ['@koa/router', '13.2.0', 'newer'],
    ['koa', '3.0.0', 'unknown'],
    ['express', 'next', 'unknown'],
  ])('of %s, %s, is %s', (name, version, verdict) => {
    expect(verdictOf(tested, name, version)).toBe(verdict);
  });

  it('belongs to the package named before it', () => {
    expect(packagesIn(tested)).toEqual(['express', 'router', 'nest', '@koa/router']);
  });
});

describe('the report of libraries', () => {
  it('tells each with its version when it is new, and again after hours', () => {
    const report = new LibraryReport(folder);
    report.add(met('pg 8.1, 8.16', install('pg', '8.11.3')));
    const [event] = report.events([], 1000);
    expect(event?.name).toBe(LIBRARY_EVENT);
    expect(readLibrary(Object.fromEntries(event!.attributes))).toEqual({
      library: 'pg',
      version: '8.11.3',
      adapter: 'a library',
      tier: 'after-hook',
      probe: 'databases',
      tested: 'pg 8.1, 8.16',
      verdict: 'inside',
    });
    expect(report.events([], 11_000)).toEqual([]);
    expect(report.events([], 1000 + 7 * 3_600_000)).toHaveLength(1);
  });

  it('finds the version of a library that speaks by a channel', () => {
    install('mysql2', '3.22.0');
    const report = new LibraryReport(folder);
    report.add(met('mysql2 3.20', undefined));
    const [event] = report.events([], 1000);
    expect(readLibrary(Object.fromEntries(event!.attributes))).toMatchObject({
      library: 'mysql2',
      version: '3.22.0',
      verdict: 'newer',
    });
  });

  it('tells no path', () => {
    const report = new LibraryReport(folder);
    report.add(met('pg 8.1', join(folder, 'private/bundle.js')));
    report.add(met('pg 8.1', install('pg', '8.11.3')));
    expect(JSON.stringify(report.events([], 1000))).not.toContain(folder);
  });

  it('tells of connections to a database whose driver was not met, once', () => {
    const report = new LibraryReport(folder);
    const [event] = report.events(windowOf('5432'), 1000);
    expect(event?.name).toBe(UNCOVERED_EVENT);
    expect(readUncovered(Object.fromEntries(event!.attributes))).toMatchObject({
      system: 'postgresql',
      port: '5432',
      reason: expect.stringContaining('bundled'),
    });
    expect(report.events(windowOf('5432'), 11_000)).toEqual([]);
  });

  it('names a driver that is installed in a version that is not covered', () => {
    install('mongodb', '3.7.4');
    const report = new LibraryReport(folder);
    const [event] = report.events(windowOf('27017'), 1000);
    expect(readUncovered(Object.fromEntries(event!.attributes))).toMatchObject({
      system: 'mongodb',
      reason: expect.stringMatching(/mongodb 3\.7\.4 installed.* not covered in this version/),
    });
  });

  it.each([
    ['with its driver', '5432', undefined, true],
    ['that failed', '5432', 'ECONNREFUSED', false],
    ['of another kind', '8080', undefined, false],
  ])('tells nothing of a connection %s', (_what, port, error, hasDriver) => {
    const report = new LibraryReport(folder);
    if (hasDriver) report.add(met('pg 8.1', install('pg', '8.11.3')));
    const names = report.events(windowOf(port, error), 1000).map(({ name }) => name);
    expect(names).not.toContain(UNCOVERED_EVENT);
  });
});
