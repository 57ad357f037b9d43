/** The line that .ci/run ends with, from reports that vitest really wrote. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summarize } from '../../scripts/test-summary.js';
import { ROOT } from './source-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tachograph-summary-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs vitest on the given files and summarizes its report. */
function run(files: Readonly<Record<string, string>>): { line: string; exitCode: number } {
  for (const [name, body] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { expect, it, beforeAll } from 'vitest';\n${body}`);
  }
  const report = join(folder, 'report.json');
  const args = ['run', '--reporter=json', `--outputFile.json=${report}`, '--root', folder];
  const { status } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args],
    { cwd: folder, env: { ...process.env, VITEST: undefined, CI: 'true' } },
  );
  return summarize(existsSync(report) ? readFileSync(report, 'utf8') : '', String(status));
}

const GOOD = "it('holds', () => { expect(1).toBe(1); });\n";
const BAD = "it('does not hold', () => { expect(1).toBe(2); });\n";
const LEFT_OUT = "it.skipIf(true)('is left out', () => {});\n";

describe('the summary', () => {
  it('counts what passed and is good', () => {
    expect(run({ 'a.test.ts': GOOD + GOOD, 'b.test.ts': GOOD + LEFT_OUT })).toEqual({
      line: '3 passed, 0 failed, 1 skipped',
      exitCode: 0,
    });
  });

  it('counts what failed and is bad', () => {
    expect(run({ 'a.test.ts': GOOD + BAD, 'b.test.ts': GOOD })).toEqual({
      line: '2 passed, 1 failed, 0 skipped',
      exitCode: 1,
    });
  });

  it('counts a file that cannot be loaded as a failure', () => {
    expect(run({ 'a.test.ts': GOOD, 'b.test.ts': "throw new Error('no');" })).toEqual({
      line: '1 passed, 1 failed, 0 skipped',
      exitCode: 1,
    });
  });

  it('is bad when there are no tests', () => {
    expect(run({})).toEqual({ line: '0 passed, 0 failed, 0 skipped', exitCode: 1 });
  });

  it('is bad when every test is left out', () => {
    expect(run({ 'a.test.ts': LEFT_OUT })).toEqual({
      line: '0 passed, 0 failed, 1 skipped',
      exitCode: 1,
    });
  });

  it('is bad when an error has no test, though all tests passed', () => {
    const stray = "setTimeout(() => { throw new Error('stray'); });\n";
    const lives = "it('lives on', () => new Promise((resolve) => setTimeout(resolve, 100)));\n";
    expect(run({ 'a.test.ts': stray + lives })).toEqual({
      line: '1 passed, 0 failed, 0 skipped',
      exitCode: 1,
    });
  });

  it('is bad when there is no report, or the run says so', () => {
    expect(summarize('', '1').exitCode).toBe(1);
    const good = JSON.stringify({
      success: true,
      testResults: [{ name: 'a', status: 'passed', assertionResults: [{ status: 'passed' }] }],
    });
    expect(summarize(good, '0').exitCode).toBe(0);
    expect(summarize(good, '1').exitCode).toBe(1);
  });
});
