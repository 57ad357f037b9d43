/**
 * Prints, for every framework and way to load it, how many requests were sent and how many were
 * recorded on the right route. `node examples/frameworks/check.js [example …]`; the runtimes to try
 * are in TACHOGRAPH_TEST_NODES, comma-separated paths. Exit code 1 when a count is not exact.
 */
import { execFileSync } from 'node:child_process';
import { drive, sum } from './drive.js';
import { EXPECTED } from './expected.js';

const TIMES = 20;
const nodes = (process.env.TACHOGRAPH_TEST_NODES ?? process.execPath).split(',');
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(EXPECTED);
const row = (...cells) =>
  console.log(cells.map((cell, i) => String(cell).padEnd(i < 3 ? 14 : 9)).join(' '));

row('example', 'node', 'loaded', 'routes', 'sent', 'recorded', 'exact');
for (const node of nodes) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  for (const name of names) {
    const { loads, nodeMajorMax = Number.POSITIVE_INFINITY } = EXPECTED[name];
    if (Number.parseInt(version.slice(1), 10) > nodeMajorMax) {
      row(name, version, '-', '(the framework itself does not start on this Node)');
      continue;
    }
    for (const loading of loads) {
      const { expected, recorded } = await drive({ name, loading, node, times: TIMES });
      const keys = new Set([...expected.keys(), ...recorded.keys()]);
      const wrong = [...keys].filter((key) => expected.get(key) !== recorded.get(key));
      const exact = wrong.length === 0 ? 'yes' : 'NO';
      row(name, version, loading, expected.size, sum(expected), sum(recorded), exact);
      for (const key of wrong) {
        process.exitCode = 1;
        console.log(
          `    ${key}: sent ${expected.get(key) ?? 0}, recorded ${recorded.get(key) ?? 0}`,
        );
      }
    }
  }
}
