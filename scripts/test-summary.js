/**
 * The last word of .ci/run: one line with the counts of vitest's JSON report, and an exit code that
 * cannot be fooled by a run that did not happen.
 *
 *   node scripts/test-summary.js report.json STATUS     STATUS is the exit code of what came before
 */
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} Report What vitest's JSON reporter writes, as far as it is read here.
 * @property {boolean} success
 * @property {{ name: string, status: string, assertionResults: { status: string }[] }[]} testResults
 */

/**
 * A file that failed without a failed test (it could not be loaded, or a hook failed) counts as one.
 * @param {Report} report
 */
function countTests({ testResults }) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed').length;
    const passed = assertionResults.filter((test) => test.status === 'passed').length;
    counts.passed += passed;
    counts.failed += status === 'failed' ? Math.max(1, failed) : failed;
    counts.skipped += assertionResults.length - failed - passed;
  }
  return counts;
}

/**
 * @param {string} text The report; empty when vitest did not come to write it.
 * @param {string} status Exit code of the run, or of a step before it.
 */
export function summarize(text, status) {
  /** @type {Report} */
  const report = text === '' ? { success: false, testResults: [] } : JSON.parse(text);
  const { passed, failed, skipped } = countTests(report);
  const line = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  const isGood = status === '0' && report.success && failed === 0 && passed > 0;
  return { line, exitCode: isGood ? 0 : 1 };
}

if (import.meta.filename === process.argv[1]) {
  const [path = '', status = '1'] = process.argv.slice(2);
  const { line, exitCode } = summarize(readFileSync(path, 'utf8'), status);
  console.log(line);
  process.exitCode = exitCode;
}
