/**
 * `npm run faults:suites -- --nodes 20,24 --only fastify`: the published test suites of well-known packages, each
 * without the agent and with it (and a collector that is up), on these versions of Node.js; and what drivers and
 * query builders without published tests document, against real services. Prints a table of
 * what came out the same, and each test that did not; ends with 1 when there is one. Suites come from npm on
 * demand, into node_modules/.cache. Half an hour, on a machine that does nothing else.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installNode } from '../../scripts/install-node.js';
import { startService } from '../../scripts/services.js';
import { endProcess, startCollectorProcess } from '../support/collector-process.js';
import { accountsOf } from '../support/oracle/ask-collector.js';
import { makeFolder, REGISTER } from '../support/run-app.js';
import { DOCUMENTED } from './suites/documented-table.js';
import { compareRuns, type Difference, type Run, type Way } from './suites/suite-compare.js';
import { copySuite, filesOf, installSuite } from './suites/suite-install.js';
import { runSuite } from './suites/suite-run.js';
import { SUITES, type Suite } from './suites/suite-table.js';
import { type SuiteResult, suitesTable } from './suites/suites-table.js';

type Node = ReturnType<typeof installNode>;

const PRELOADS: Readonly<Record<Way, string | undefined>> = {
  bare: undefined,
  preload: 'data:text/javascript,',
  agent: REGISTER,
};
/** Of a suite. */
const FLAKY_SHOWN_MAX = 10;

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '20,24' }, only: { type: 'string' } },
});
const only = values.only?.split(',');
const suites = [...SUITES, ...DOCUMENTED].filter(({ name }) => only?.includes(name) ?? true);
const nodes = values.nodes.split(',').map(installNode);
const folder = makeFolder();
const collector = await startCollectorProcess(join(folder.path, 'data'));
const results: SuiteResult[] = [];
try {
  for (const suite of suites) {
    const installed = installSuite(suite, console.log);
    const service = suite.service === undefined ? undefined : await startService(suite.service);
    try {
      const compareOn = (node: Node) => compare(suite, installed, node, service?.url);
      // Side by side: most of a suite's time is spent waiting.
      results.push(...(await Promise.all(nodes.map(compareOn))));
    } finally {
      await service?.stop();
    }
  }
} finally {
  await endProcess(collector.child, 'SIGTERM');
  folder.remove();
}
console.log(`\n${suitesTable(results)}\n`);
for (const { suite, version, comparison } of results) {
  const where = `${suite.name} on ${version}`;
  for (const test of comparison.flaky.slice(0, FLAKY_SHOWN_MAX)) {
    console.log(`  by chance: ${where}: ${test}`);
  }
  for (const one of comparison.ofAnyPreload) console.log(`  any preload: ${told(where, one)}`);
  for (const one of comparison.different) {
    console.log(`  different: ${told(where, one)}`);
    process.exitCode = 1;
  }
}

function told(where: string, { test, without, with: found, reason }: Difference): string {
  return `${where}: ${test}: ${without}, with the agent ${found}: ${JSON.stringify(reason)}`;
}

async function compare(
  suite: Suite,
  installed: string,
  { binary, version }: Node,
  serviceUrl: string | undefined,
): Promise<SuiteResult> {
  const service = `${suite.name}-${version}`;
  const spool = join(folder.path, service.replaceAll('/', '+'));
  mkdirSync(spool);
  const env = {
    TACHOGRAPH_URL: collector.url,
    TACHOGRAPH_SERVICE: service,
    TACHOGRAPH_SPOOL_DIR: spool,
    ...(serviceUrl !== undefined && { SUITE_URL: serviceUrl }),
  };
  const run: Run = async (way, files) => {
    const copy = copySuite(suite, installed);
    try {
      return await runSuite({
        node: binary,
        flags: suite.flags ?? [],
        folder: copy,
        files: files ?? filesOf(suite, copy),
        preload: PRELOADS[way],
        env,
      });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  const comparison = await compareRuns(run);
  const processes = (await accountsOf(collector.url, service)).length;
  console.log(`${service}: ${comparison.tests} tests, ${processes} processes under the agent`);
  return { suite, version, comparison, processes };
}
