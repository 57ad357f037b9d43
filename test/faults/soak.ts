/**
 * `npm run soak -- --for 1h --seed 7`: a seeded sequence of faults against real applications, agents and a
 * collector: those of the fault proxy, kill -9 and SIGSTOP of either side, orderly ends, and disks that are
 * full or read-only where a user namespace lets us mount such. `--faults N` plays so many instead, and
 * `--from M` leaves out the first M of the seed, to see again what an hour has found. Prints the seed, each
 * fault with its time, and the oracle's verdict; ends with 1 when an obligation is broken, and keeps the
 * folder for a look.
 *
 * The same seed brings the same faults at about the same times; how processes meet them is the machine's.
 */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDurationMs } from '../../src/shared/quantities.js';
import { makeFolder } from '../support/run-app.js';
import { canMount, IN_NAMESPACE } from './small-disk.js';
import { soak } from './soak-run.js';

/**
 * A file of the store has room for 200,000 series, and past them ids would count as (other): an hour of an id
 * every 25 ms from each of two applications would pass that.
 */
const IDS_MAX = 150_000;
const IDS_PER_MS_MAX = 2 / 25;

/** Seeds that people can type. */
const SEED_MAX = 1_000_000;

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '1h' },
    faults: { type: 'string' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Date.now() % SEED_MAX) },
    /** Not for people: the folder of a run within a namespace. */
    inside: { type: 'string' },
  },
});
const forMs = parseDurationMs(values.for) ?? Number.NaN;
const faults = Number(values.faults ?? 'Infinity');
const from = Number(values.from);
const seed = Number(values.seed);
const areWhole = Number.isSafeInteger(seed) && Number.isSafeInteger(from);
if (!(forMs >= 0) || !(faults >= 1) || !(from >= 0) || !areWhole) {
  throw new Error(
    'expected --for TIME, as 10m or 1h, or --faults NUMBER, and --seed NUMBER, --from NUMBER',
  );
}
if (values.inside === undefined) await start();
else process.exitCode = await run(values.inside, true);

async function start(): Promise<void> {
  const { path, remove } = makeFolder();
  process.exitCode = canMount() ? runInNamespace(path) : await run(path, false);
  if (process.exitCode === 0) remove();
  else console.log(`what there is lies in ${path}`);
}

/** The same command, where it may mount. */
function runInNamespace(folder: string): number {
  const [launcher, ...args] = IN_NAMESPACE;
  const own = [...process.execArgv, ...process.argv.slice(1)];
  const more = ['--seed', String(seed), '--inside', folder];
  const { status } = spawnSync(launcher!, [...args, process.execPath, ...own, ...more], {
    stdio: 'inherit',
  });
  return status ?? 1;
}

async function run(folder: string, hasDisks: boolean): Promise<number> {
  console.log(`seed ${seed}${hasDisks ? '' : ', without faults of disks: nothing can be mounted'}`);
  const startMs = performance.now();
  const beatsPerId = Math.max(1, Math.ceil((forMs * IDS_PER_MS_MAX) / IDS_MAX));
  const isOver = (steps: number): boolean =>
    values.faults === undefined ? performance.now() - startMs > forMs : steps >= faults;
  const terms = { folder, seed, from, hasDisks, beatsPerId, isOver, say: console.log };
  const outcome = await soak(terms);
  const { processes, recorded, missing, complaints } = outcome;
  console.log(
    `${processes} applications recorded ${recorded} ids; ${missing} are missing, some of which kills and refusals allow`,
  );
  if (complaints.length === 0) {
    console.log('every obligation is kept');
    return 0;
  }
  for (const complaint of complaints) console.log(`  ${complaint}`);
  // The disks go with the namespace.
  if (hasDisks) {
    for (const name of ['spool', 'data']) {
      cpSync(join(folder, name), join(folder, `${name}-left`), { recursive: true });
    }
  }
  return 1;
}
