/** Whatever an application sees of its driver is the same with the recorder: results, errors, what is unhandled. */
import { expect, it } from 'vitest';
import { installNode } from '../../../scripts/install-node.js';
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

/** Drivers of which no promise is left unhandled. */
const WITHOUT_PROMISES = ['libsql', 'mysql', 'node-sqlite'];

async function expectSame(driver: string, url: string, node: string): Promise<void> {
  const run = async (isBare: boolean) => {
    const options = { args: [driver], env: { DATABASE_URL: url }, node, isBare };
    const { code, stdout, stderr } = await runApp('database-behaviour.mjs', options);
    const warned = stderr.replaceAll(/\(node:\d+\)/g, '(node)');
    return { code, warned, seen: JSON.parse(stdout || 'null') };
  };
  const bare = await run(true);
  expect(bare.code).toBe(0);
  expect(new Map(bare.seen as [string, unknown][]).get('unhandled')).toHaveLength(
    WITHOUT_PROMISES.includes(driver) ? 0 : 1,
  );
  expect(await run(false)).toEqual(bare);
}

it.each(runs)('$of.0 on $on.version behaves as without the recorder', async ({ on, of }) => {
  const [driver, { url }] = of;
  await expectSame(driver, url, on.node);
});

it.each(['22', '24'])(
  'node:sqlite on Node.js %s behaves as without the recorder',
  async (major) => {
    await expectSame('node-sqlite', '', installNode(major).binary);
  },
  300_000,
);
