/**
 * One run of the truth suite: server.js with the scenarios of one library under the recorder. Every scenario is asked
 * again and again until all that is expected was told with its line, and some times more.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pointsIn } from '../frameworks/recorded.js';
import { launch } from '../launch.js';
import { expectedIn, findingsIn, judge } from './expected.js';

const ROUNDS_MIN = 5;
const ROUNDS_MAX = 16;
/** A leak is one after 30 s, and only the next one has its line: at least 60 s of rounds. */
export const LEAK_ROUNDS_MAX = 80;
const BETWEEN_MS = 1500;
/** A machine that is busy makes every query slow; those of the scenarios take longer. */
const SLOW_QUERY = '1s';

/** What scenarios are run by, and import. */
const BESIDE = ['server.js', 'tables.js', 'sqlite-database.js', 'now-and-then.js'];

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @param {object} options
 * @param {string} options.scenarios A file of scenarios/.
 * @param {string | undefined} options.packages The node_modules with its library; undefined for the repository's.
 * @param {object} options.place Of the database.
 * @param {number} [options.roundsMax] How often all are asked, until everything was told.
 */
export async function run({ scenarios, packages, place, roundsMax = ROUNDS_MAX }) {
  const file = `${scenarios}.js`;
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-findings-'));
  const output = join(folder, 'recorded.ndjson');
  const source = readFileSync(pathOf(`scenarios/${file}`), 'utf8');
  const expected = expectedIn(source);
  const code = packages === undefined ? pathOf('.') : copyInto(join(folder, 'app'), file, packages);
  try {
    const example = await launch(process.execPath, join(code, 'server.js'), {
      TACHOGRAPH_URL: `file://${output}`,
      TACHOGRAPH_SPOOL_DIR: join(folder, 'spool'),
      TACHOGRAPH_SAMPLER: 'off',
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_EXIT_TIMEOUT: '10s',
      TACHOGRAPH_SLOW_QUERY: SLOW_QUERY,
      NODE_ENV: 'test',
      FINDINGS_SCENARIOS: `./scenarios/${file}`,
      DATABASE_PLACE: JSON.stringify(place),
    });
    try {
      await askAll(example, namesIn(source), roundsMax, () => {
        const { right, misplaced } = judge(expected, findingsIn(pointsIn(output)), file);
        return right.length === expected.length && misplaced.length === 0;
      });
    } finally {
      await example.end();
    }
    return {
      count: namesIn(source).length,
      expected,
      found: findingsIn(pointsIn(output)),
      ...judge(expected, findingsIn(pointsIn(output)), file),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function askAll({ port, stderr }, names, roundsMax, isDone) {
  for (let round = 1; round <= roundsMax; round++) {
    for (const name of names) {
      const { status } = await fetch(`http://127.0.0.1:${port}/${name}`);
      if (status !== 200) throw new Error(`/${name} answered ${status}: ${stderr()}`);
    }
    await sleep(BETWEEN_MS);
    if (round >= ROUNDS_MIN && isDone()) return;
  }
}

/** Scenarios are the properties that `scenariosOf` returns. */
function namesIn(source) {
  const body = source.slice(source.indexOf('function scenariosOf'));
  return [...body.matchAll(/^ {4}'?([a-z][\w-]*)'?: /gm)].map(([, name]) => name);
}

/** Outside of any node_modules, for there code is not the application's. */
function copyInto(folder, file, packages) {
  mkdirSync(join(folder, 'scenarios'), { recursive: true });
  for (const name of [...BESIDE, `scenarios/${file}`]) {
    copyFileSync(pathOf(name), join(folder, name));
  }
  const dependencies = Object.fromEntries(readdirSync(packages).map((name) => [name, '*']));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  symlinkSync(packages, join(folder, 'node_modules'));
  return folder;
}
