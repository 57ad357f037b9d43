/**
 * How suites of others are run and compared, by a suite of our own that is small; `npm run faults:suites` runs
 * the published ones.
 */
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeFolder, REGISTER } from '../support/run-app.js';
import { compareRuns, type Way } from './suites/suite-compare.js';
import { parseResults, type Results, runSuite, type Status } from './suites/suite-run.js';
import { SUITES } from './suites/suite-table.js';
import { suitesTable } from './suites/suites-table.js';

const SUITE = `
import { test } from 'node:test';
import assert from 'node:assert';
test('outer', async (t) => {
  await t.test('inner', () => {});
});
test('sees the agent', () => {
  assert.ok(Symbol.for('tachograph.started') in globalThis, 'it is not there');
});
test('left out', { skip: true }, () => {});
test('twice', () => {});
test('twice', () => assert.fail('no'));
`;

describe('a run of a suite', () => {
  it('has the agent or has it not, and tells every test by its name', async () => {
    const made = makeFolder();
    try {
      const folder = realpathSync(made.path);
      mkdirSync(join(folder, 'test'));
      writeFileSync(join(folder, 'test/a.test.mjs'), SUITE);
      const env = {
        TACHOGRAPH_URL: pathToFileURL(join(folder, 'out.ndjson')).href,
        TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      };
      const terms = { node: process.execPath, flags: [], folder, files: ['test/a.test.mjs'], env };
      const [bare, recorded] = [
        await runSuite({ ...terms, preload: undefined }),
        await runSuite({ ...terms, preload: REGISTER }),
      ];
      const statuses = (results: Results): [string, Status][] =>
        [...results].map(([test, { status }]) => [test.replace('test/a.test.mjs > ', ''), status]);
      expect(statuses(bare)).toEqual([
        ['> inner #1', 'passed'],
        ['outer #1', 'passed'],
        ['sees the agent #1', 'failed'],
        ['left out #1', 'skipped'],
        ['twice #1', 'passed'],
        ['twice #2', 'failed'],
      ]);
      expect(Object.fromEntries(statuses(recorded))).toMatchObject({
        'sees the agent #1': 'passed',
      });
    } finally {
      made.remove();
    }
  });

  it('names tests without what chance puts into them', () => {
    const line = JSON.stringify({
      file: '/a/b.js',
      nesting: 0,
      name: 'to :43210',
      status: 'passed',
    });
    expect([...parseResults(`${line}\nnot one of ours\n`, '/a').keys()]).toEqual([
      'b.js > to :… #1',
    ]);
  });
});

describe('two ways to run a suite', () => {
  const results = (statuses: Readonly<Record<string, Status>>): Results =>
    new Map(
      Object.entries(statuses).map(([test, status]) => [
        test,
        { file: `${test}.js`, status, reason: status === 'failed' ? 'no' : '' },
      ]),
    );
  /** Answers in the order of the questions, which it keeps. */
  function runs(...answers: readonly Readonly<Record<string, Status>>[]): {
    asked: unknown[][];
    run: (way: Way, files?: readonly string[]) => Promise<Results>;
  } {
    const asked: unknown[][] = [];
    return {
      asked,
      run: async (...question) => {
        asked.push(question);
        return results(answers[asked.length - 1]!);
      },
    };
  }

  it('are run once each when they agree', async () => {
    const { asked, run } = runs({ a: 'passed', b: 'failed' }, { a: 'passed', b: 'failed' });
    const found = await compareRuns(run);
    expect(found).toEqual({
      tests: 2,
      failing: 1,
      same: 2,
      flaky: [],
      ofAnyPreload: [],
      different: [],
    });
    expect(asked).toEqual([['bare'], ['agent']]);
  });

  it('differ where each agrees with itself and any preload would not do, and only there', async () => {
    const { asked, run } = runs(
      { sure: 'passed', chance: 'passed', any: 'passed', same: 'passed', gone: 'passed' },
      { sure: 'failed', chance: 'failed', any: 'failed', same: 'passed' },
      { sure: 'passed', chance: 'passed', any: 'passed', gone: 'passed' },
      { sure: 'failed', chance: 'passed', any: 'failed' },
      { sure: 'passed', chance: 'passed', any: 'failed', gone: 'passed' },
    );
    const found = await compareRuns(run);
    expect(found).toMatchObject({ tests: 5, same: 1, flaky: ['chance'] });
    expect(found.ofAnyPreload.map(({ test }) => test)).toEqual(['any']);
    expect(found.different).toEqual([
      { test: 'sure', without: 'passed', with: 'failed', reason: 'no' },
      { test: 'gone', without: 'passed', with: 'not run', reason: '' },
    ]);
    const files = ['sure.js', 'chance.js', 'any.js', 'gone.js'];
    expect(asked.slice(2)).toEqual([
      ['bare', files],
      ['agent', files],
      ['preload', files],
    ]);
  });
});

describe('the table of suites', () => {
  it('says what differs', () => {
    const suite = SUITES[0]!;
    const different = [{ test: 'a', without: 'passed', with: 'failed', reason: 'no' }];
    const comparison = { tests: 9, failing: 1, same: 7, flaky: ['b'], ofAnyPreload: [], different };
    const table = suitesTable([{ suite, version: 'v24.1.0', comparison, processes: 2 }]);
    expect(table).toContain('7 of 9 the same, 1 of them failing, 1 by chance, **1 different**');
  });

  it('is of packages whose versions are exact and whose contents are known', () => {
    for (const { name, version, integrity, needs } of SUITES) {
      expect([name, integrity]).toEqual([name, expect.stringMatching(/^sha512-[\w+/]{86}==$/)]);
      for (const exact of [version, ...Object.values(needs)]) {
        expect([name, exact]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
      }
    }
  });
});
