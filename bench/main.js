/**
 * `npm run bench`: what the agent costs, measured. docs/guides/overhead.md explains the method.
 *
 * Progress goes to stderr, the report to stdout. Exit code 0 when the run can be believed (whatever it says),
 * 1 when it cannot, 2 for a wrong command line, 3 when `--against` finds a regression that is certain and large.
 */
import { readEarlier, writeBaseline } from './against/baseline-file.js';
import { changesSince } from './against/changes.js';
import { figuresOf } from './against/figures.js';
import { commandOf, HELP, parseArguments } from './arguments.js';
import { ARMS, armOfPeer, assertBuilt } from './arms.js';
import { BenchError } from './bench-error.js';
import { runHarnesses } from './harnesses/run-harnesses.js';
import { describeMachine } from './machine/describe-machine.js';
import { measuredNode } from './machine/measured-node.js';
import { MEASURES } from './measures.js';
import { installPeer, versionOf } from './peers/install-peer.js';
import { PEERS } from './peers/peers.js';
import { planFor, timesOf } from './plan.js';
import { isDatabaseHere } from './processes/database.js';
import { renderChanges } from './report/changes.js';
import { renderReport } from './report/markdown.js';
import { createProgress } from './report/progress.js';
import { publish } from './report/readme-file.js';
import { writeResults } from './report/results-file.js';
import { summarise } from './report/summarise.js';

const REGRESSION_EXIT_CODE = 3;

/** @param {readonly string[]} argv */
async function main(argv) {
  const date = new Date();
  const args = parseArguments(argv, date.getTime() % 2 ** 31);
  if (args.help) {
    console.log(HELP);
    return;
  }
  if (args.readme !== undefined) {
    console.log(await publish(args.readme));
    return;
  }
  if (process.platform !== 'linux') {
    throw new BenchError(
      `expected Linux (CPU time of threads comes from /proc), got ${process.platform}.`,
    );
  }
  assertBuilt();

  const plan = planFor(args, { hasDatabase: isDatabaseHere() });
  const times = timesOf(plan);
  const earlier = args.against && (await readEarlier(args.against, { plan: plan.name, times }));
  const command = commandOf(argv);
  const progress = createProgress(process.stderr, () => performance.now());
  const peers = PEERS.filter(({ name }) => args.peers.includes(name));
  const node = measuredNode(args.node, progress.line);
  const arms = [
    ...ARMS,
    ...peers.map((peer) => armOfPeer(peer, installPeer(peer, progress.line))),
  ].map((arm) => ({ ...arm, binary: node.binary }));
  const run = {
    plan: plan.name,
    times,
    seed: args.seed,
    date: date.toISOString(),
    command,
    machine: describeMachine(node.version),
    peers: peers.map((peer) => `${peer.name} ${versionOf(peer)}`),
    leftOut: plan.leftOut,
  };
  const context = { plan, arms, node, seed: args.seed, progress: progress.line };
  const rows = await runHarnesses(context);
  progress.end();

  const findings = summarise(rows, MEASURES, arms, args.seed, node.major);
  const figures = figuresOf(findings);
  const file = await writeResults(args.json, run, rows, findings, figures);
  console.log(renderReport(run, findings));
  if (earlier) {
    const changes = changesSince(earlier, figures, run.machine);
    console.log(renderChanges(earlier.run, run, changes));
    if (changes.some(({ isGrave }) => isGrave)) process.exitCode = REGRESSION_EXIT_CODE;
  }
  if (args.writeBaseline) console.log(`Baseline: ${await writeBaseline(run, figures)}`);
  console.log(`Raw rows: ${file}`);
}

// The processes under measurement are ended on `exit`, which a signal alone does not reach.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof BenchError ? `bench: ${error.message}` : error);
  process.exit(error instanceof BenchError ? error.exitCode : 1);
});
