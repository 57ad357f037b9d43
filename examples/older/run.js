/**
 * One run of the matrix: app.js with one version of a library on one Node, under the recorder. Compares what was
 * recorded with what the application says it did.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pointsIn } from '../frameworks/recorded.js';
import { launch } from '../launch.js';

const REQUESTS = 3;
/** By then the recorder's worker runs, and schedules of every second have. */
const LIVES_MS_MIN = 2500;
const FILES = ['app.js', 'work.js', 'work'];
/** What clients send of their own accord when a connection is new. */
const OF_CONNECTION = new Set(['AUTH', 'CLIENT', 'HELLO', 'INFO']);
const ROUTED = 'http.server.request.duration';
/** As the frameworks write it. */
const ROUTES = new Set(['/:id', '/{id}']);

/**
 * @param {object} options
 * @param {string} options.node The runtime.
 * @param {string} options.packages The folder with the library's packages.
 * @param {string} options.name Of the work.
 * @param {'esm' | 'cjs'} options.loading
 * @param {Readonly<Record<string, string>>} options.services URLs, by the variables that the work reads.
 * @returns {Promise<{ metric: string, done: number, recorded: number }[]>}
 * @throws {Error} when the application does not start, or says nothing of its work.
 */
export async function run({ node, packages, name, loading, services }) {
  // Below the packages, so that the copies find them.
  const code = mkdtempSync(join(packages, 'run-'));
  const data = mkdtempSync(join(tmpdir(), 'tachograph-older-'));
  try {
    for (const file of FILES) {
      const from = fileURLToPath(new URL(file, import.meta.url));
      cpSync(from, join(code, file), { recursive: true });
    }
    writeFileSync(join(code, 'package.json'), manifestOf(packages));
    const output = join(data, 'recorded.ndjson');
    const app = await launch(
      node,
      join(code, 'app.js'),
      {
        ...services,
        TACHOGRAPH_URL: `file://${output}`,
        TACHOGRAPH_SPOOL_DIR: join(data, 'spool'),
        TACHOGRAPH_SAMPLER: 'off',
        TACHOGRAPH_WINDOW: '1s',
        TACHOGRAPH_EXIT_TIMEOUT: '10s',
      },
      [name, loading],
    );
    const lived = new Promise((resolve) => setTimeout(resolve, LIVES_MS_MIN));
    for (let i = 0; i < REQUESTS; i++) {
      const { status } = await fetch(`http://127.0.0.1:${app.port}/${i}`);
      if (status !== 200) throw new Error(`answered ${status}: ${app.stderr()}`);
    }
    await lived;
    await app.end();
    const done = /^done (.*)$/m.exec(app.stdout())?.[1];
    if (done === undefined) throw new Error(`said nothing of its work: ${app.stderr()}`);
    return compare(JSON.parse(done), pointsIn(output));
  } finally {
    rmSync(code, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  }
}

/** An application that names its packages, as applications do: some Nodes cannot reach ES modules otherwise. */
function manifestOf(packages) {
  const { dependencies } = JSON.parse(readFileSync(join(packages, 'package.json'), 'utf8'));
  return JSON.stringify({ type: 'module', private: true, dependencies });
}

/** @param {Readonly<Record<string, number>>} done */
function compare(done, points) {
  return Object.entries(done).map(([metric, count]) => {
    const own = points.filter(
      (point) =>
        point.name === metric &&
        !OF_CONNECTION.has(point['db.operation.name']) &&
        (metric !== ROUTED || ROUTES.has(point['http.route'])),
    );
    const recorded = own.reduce((sum, { count: times, value }) => sum + (times ?? value), 0);
    return { metric, done: count, recorded };
  });
}
