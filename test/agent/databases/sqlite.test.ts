/** The synchronous drivers of SQLite: every query is counted once, for the request that made it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { installNode } from '../../../scripts/install-node.js';
import { countOf } from '../../support/run-app.js';
import {
  allQueries,
  exactly,
  NODES,
  operations,
  queriesByRoute,
  type Served,
  serve,
} from './served.js';

/** They are downloaded where they are not there. */
const INSTALL_MS_MAX = 300_000;

function expectAll({ lines, expected }: Served, constraint: string): void {
  expect(queriesByRoute(lines)).toEqual(exactly(expected));
  // One more makes the table.
  expect(operations(lines, {})).toBe(allQueries(expected) + 1);
  expect(operations(lines, { 'tachograph.db.query.class': 'ddl' })).toBe(1);
  expect(operations(lines, { 'error.type': constraint })).toBe(expected.failing!.asked);
  const committed = { 'tachograph.db.transaction.outcome': 'commit' };
  const { transaction, wrapped } = expected;
  expect(countOf(lines, 'tachograph.db.transaction.duration', committed)).toBe(
    transaction!.asked + (wrapped?.asked ?? 0),
  );
}

describe.each(NODES)('$version', ({ node }) => {
  it('libsql: counts each of 200 requests at once exactly', async () => {
    const served = await serve('libsql', '', { node });
    expectAll(served, 'SQLITE_CONSTRAINT_PRIMARYKEY');
    expect(served.stderr).toBe('');
  });
});

describe.each(['22', '24'])('Node.js %s', (major) => {
  let node = '';
  beforeAll(() => {
    node = installNode(major).binary;
  }, INSTALL_MS_MAX);

  it.each(['node-sqlite', 'node-sqlite-cjs'])(
    '%s: counts each of 200 requests at once exactly',
    async (driver) => {
      const served = await serve(driver, '', { node });
      expectAll(served, 'SQLITE_CONSTRAINT');
      expect(served.expected.tagged !== undefined).toBe(major !== '22');
      // As without the recorder, of which Node.js 22 tells once.
      expect(served.stderr.match(/SQLite is an experimental feature/g) ?? []).toHaveLength(
        major === '22' ? 1 : 0,
      );
      const met = served.lines.find((line) => line['tachograph.library.library'] === 'node:sqlite');
      expect(met?.['tachograph.library.version']).toMatch(new RegExp(`^${major}\\.`));
    },
  );
});

it('an application that never asks for node:sqlite does not get it', async () => {
  const { binary } = installNode('22');
  const { stderr } = await serve('libsql', '', { node: binary });
  expect(stderr).toBe('');
});
