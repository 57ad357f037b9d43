/**
 * `npm run test:nodes`: the packaging tests on several versions of Node.js, each a real binary. Prints a table,
 * case by node.
 *
 *   npm run test:nodes -- 20 24     these versions only
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';
import { installNode } from './install-node.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VERSIONS = ['20', '22', '24', '26'];
const SUITE = 'test/packaging/pack.test.ts';

/**
 * Runs the suite once, on all of them.
 * @param {string[]} binaries
 * @returns {{ node: string, name: string, status: string }[]}
 */
function runSuite(binaries) {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-nodes-'));
  const report = join(folder, 'report.json');
  try {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    spawnSync(process.execPath, [vitest, 'run', SUITE, ...reporters], {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, TACHOGRAPH_TEST_NODES: binaries.join(',') },
    });
    if (!existsSync(report)) return [];
    /** @type {{ testResults: { assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} */
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ ancestorTitles: [first = '', ...rest], title, status }) => ({
        node: first.replace(/^on /, ''),
        name: [...rest, title].join(' '),
        status,
      })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {{ binary: string, version: string }[]} nodes
 * @param {{ node: string, name: string, status: string }[]} results
 */
function printTable(nodes, results) {
  const cases = [...new Set(results.filter(({ node }) => isOne(node)).map(({ name }) => name))];
  const width = Math.max(...cases.map((name) => name.length));
  const cell = (/** @type {string} */ text) => text.padEnd(10);
  console.log(`\n${' '.repeat(width)}  ${nodes.map(({ version }) => cell(version)).join('')}`);
  for (const name of cases) {
    const cells = nodes.map(({ binary }) => {
      const found = results.find((result) => result.node === binary && result.name === name);
      return cell(found?.status === 'passed' ? 'ok' : (found?.status ?? 'not run'));
    });
    console.log(`${name.padEnd(width)}  ${cells.join('').trimEnd()}`);
  }
  /** @param {string} node */
  function isOne(node) {
    return nodes.some(({ binary }) => binary === node);
  }
}

const wanted = process.argv.slice(2);
if (await build()) {
  const nodes = (wanted.length > 0 ? wanted : VERSIONS).map(installNode);
  const results = runSuite(nodes.map(({ binary }) => binary));
  if (results.length > 0) printTable(nodes, results);
  const passed = results.filter(({ status }) => status === 'passed').length;
  console.log(`\n${passed} of ${results.length} passed`);
  process.exitCode = passed > 0 && passed === results.length ? 0 : 1;
} else {
  process.exitCode = 1;
}
