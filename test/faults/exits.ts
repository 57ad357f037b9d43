/**
 * `npm run faults:exits -- --nodes 20,22,24,26`: every end of a process, in every state of the agent's worker
 * and of the collector, on each of these versions of Node.js. Prints for each a table of what the agent
 * delays the end by; it must change nothing else, and lose no more than P5 allows. Two minutes a version, on
 * a machine that does nothing else: on a busy one half a second may not do to save a burst. Ends with 1 when something is wrong, and keeps the folder for a look.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installNode } from '../../scripts/install-node.js';
import { endProcess, startCollectorProcess } from '../support/collector-process.js';
import { makeFolder } from '../support/run-app.js';
import { type Cell, COLLECTORS, ENDS, WORKERS } from './exit-cell.js';
import { runMatrix } from './exit-matrix.js';
import { exitTable } from './exit-table.js';

const BARE_RUNS = 5;
/** The agent's, by default. */
const EXIT_TIMEOUT_MS = 500;

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '20,22,24,26' } },
});
const cells: Cell[] = ENDS.flatMap((end) =>
  WORKERS.flatMap((worker) => COLLECTORS.map((collector) => ({ end, worker, collector }))),
);
for (const { binary, version } of values.nodes.split(',').map(installNode)) {
  await report(binary, version);
}

async function report(node: string, version: string): Promise<void> {
  const folder = makeFolder();
  const collector = await startCollectorProcess(join(folder.path, 'data'));
  try {
    const apps = join(folder.path, 'apps');
    mkdirSync(apps);
    const { results, complaints } = await runMatrix(cells, {
      node,
      folder: apps,
      collectorUrl: collector.url,
      bareRuns: BARE_RUNS,
      exitTimeoutMs: EXIT_TIMEOUT_MS,
    });
    const addedMsMax = Math.round(Math.max(...results.map(({ addedMs }) => addedMs)));
    console.log(`\n## Node.js ${version}\n\n${exitTable(results)}\n`);
    console.log(
      `${results.length} ends, at most ${addedMsMax} ms later; ${complaints.length} complaints`,
    );
    if (complaints.length === 0) return folder.remove();
    for (const complaint of complaints) console.log(`  ${complaint}`);
    console.log(`  what there is lies in ${folder.path}`);
    process.exitCode = 1;
  } finally {
    await endProcess(collector.child, 'SIGTERM');
  }
}
