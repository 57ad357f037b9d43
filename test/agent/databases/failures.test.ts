/** What goes wrong with a database is recorded as what the application saw, and nothing stays open. */
import { expect, it } from 'vitest';
import { areHooksSafe } from '../../../src/agent/esm-exports.js';
import { type Line, PATIENT, runApp } from '../../support/run-app.js';
import { NODES, runningService } from './served.js';

const [postgres, mariadb] = [runningService('postgres'), runningService('mariadb')];
const services = {
  pg: postgres,
  postgres,
  'postgres-cjs': postgres,
  mysql2: mariadb,
  mysql: mariadb,
  mariadb,
};
const runs = NODES.flatMap((on) => Object.entries(services).map((of) => ({ on, of })));

/** Kinds of errors of a metric, each as often as it was recorded. */
function failed(lines: readonly Line[], name: string): string[] {
  return lines
    .filter((line) => line.name === name && line['error.type'] !== undefined)
    .flatMap((line) => Array<string>(Number(line.count)).fill(String(line['error.type'])))
    .sort();
}

it.each(runs)('$of.0 on $on.version: each failure is one of its kind', async ({ on, of }) => {
  const [driver, { url }] = of;
  const { code, stdout, stderr, lines } = await runApp('database-failures.mjs', {
    args: [driver],
    env: { ...PATIENT, DATABASE_URL: url },
    node: on.node,
  });
  expect([code, stderr]).toEqual([0, '']);
  const seen: { queries: string[]; pools: string[]; connects: string[] } = JSON.parse(stdout);
  expect(failed(lines, 'db.client.operation.duration')).toEqual(seen.queries.sort());
  // See databases.md: postgres.js as an ES module needs hooks for its pool.
  if (driver === 'postgres' && !areHooksSafe(on.version.slice(1))) return;
  expect(failed(lines, 'db.client.connection.wait_time')).toEqual(seen.pools.sort());
  expect(failed(lines, 'db.client.connection.create_time')).toEqual(seen.connects.sort());
});
