/**
 * Prints, for every framework and way to load it, what was expected and what was recorded: every request
 * on its route, route templates, mounted routers, errors, 404, aborted requests, the time of a
 * middleware. `node examples/frameworks/check.js [example …]`; the runtimes to try are in
 * TACHOGRAPH_TEST_NODES, comma-separated paths. Exit code 1 when anything is not as expected.
 */
import { execFileSync } from 'node:child_process';
import { areHooksSafe } from '../../dist/agent/esm-exports.js';
import { casesOf } from './cases.js';
import { drive } from './drive.js';
import { EXPECTED } from './expected.js';

const TIMES = 20;
const WIDTHS = [13, 7, 6, 30, 54, 54];
const nodes = (process.env.TACHOGRAPH_TEST_NODES ?? process.execPath).split(',');
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(EXPECTED);
const row = (...cells) =>
  console.log(cells.map((cell, i) => String(cell).padEnd(WIDTHS[i] ?? 0)).join(' '));

row('example', 'node', 'loaded', 'case', 'expected', 'recorded', 'holds');
for (const node of nodes) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  for (const name of names) {
    const example = EXPECTED[name];
    if (Number.parseInt(version, 10) > (example.nodeMajorMax ?? Number.POSITIVE_INFINITY)) {
      row(name, version, '-', '(the framework itself does not start on this Node)');
      continue;
    }
    for (const loading of example.loads) {
      const run = await drive({ name, loading, node, times: TIMES });
      for (const one of casesOf(example, run, TIMES, areHooksSafe(version))) {
        if (!one.holds) process.exitCode = 1;
        const holds = one.holds ? 'yes' : 'NO';
        row(name, version, loading, one.name, one.expected, one.recorded, holds);
      }
    }
  }
}
