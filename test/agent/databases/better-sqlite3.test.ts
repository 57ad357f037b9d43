/** better-sqlite3, which needs Node.js 22, against what SQLite itself says it ran. */
import { beforeAll, expect, it } from 'vitest';
import { installNode } from '../../../scripts/install-node.js';
import { allQueries, exactly, operations, queriesByRoute, serve } from './served.js';

/** It is downloaded where it is not there. */
const INSTALL_MS_MAX = 300_000;
let node = '';
beforeAll(() => {
  node = installNode('24').binary;
}, INSTALL_MS_MAX);

it('counts each of 200 requests at once exactly, and as many as SQLite ran', async () => {
  const { lines, expected, stderr } = await serve('better-sqlite3', '', { node });
  expect(queriesByRoute(lines)).toEqual(exactly(expected));
  // One more makes the table.
  const made = allQueries(expected) + 1;
  expect(operations(lines, {})).toBe(made);
  const failed = { 'error.type': 'SQLITE_CONSTRAINT_PRIMARYKEY' };
  expect(operations(lines, failed)).toBe(expected.failing!.asked);
  expect(stderr).toBe(`SQLite ran ${made}\n`);
});
