/** Whatever an application sees of its driver is the same with the recorder: results, errors, what is unhandled. */
import { expect, it } from 'vitest';
import { runApp } from '../../support/run-app.js';
import { NODES, runningService } from './served.js';

const [postgres, mariadb] = [runningService('postgres'), runningService('mariadb')];
const services = {
  pg: postgres,
  postgres,
  'postgres-cjs': postgres,
  mysql2: mariadb,
  mysql: mariadb,
  mariadb,
  'mariadb-cjs': mariadb,
  ioredis: runningService('redis'),
  libsql: { url: '' },
};
const runs = NODES.flatMap((on) => Object.entries(services).map((of) => ({ on, of })));

it.each(runs)('$of.0 on $on.version behaves as without the recorder', async ({ on, of }) => {
  const [driver, { url }] = of;
  const run = async (isBare: boolean) => {
    const options = { args: [driver], env: { DATABASE_URL: url }, node: on.node, isBare };
    const { code, stdout, stderr } = await runApp('database-behaviour.mjs', options);
    return { code, stderr, seen: JSON.parse(stdout || 'null') };
  };
  const bare = await run(true);
  expect(bare.code).toBe(0);
  expect(new Map(bare.seen as [string, unknown][]).get('unhandled')).toHaveLength(
    ['libsql', 'mysql'].includes(driver) ? 0 : 1,
  );
  expect(await run(false)).toEqual(bare);
});
