import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTablesSql } from '../../../examples/erp/seed/schema.js';
import { startService } from '../../../scripts/services.js';
import { described } from '../../../src/sql/described.js';
import { SHAPES } from './shapes.js';
import { inLowerCase, laidOut, withValues } from './variants.js';

let client: pg.Client;
let stop = async (): Promise<void> => {};

beforeAll(async () => {
  const service = await startService('postgres');
  stop = service.stop;
  client = new pg.Client(service.url);
  await client.connect();
  for (const sql of createTablesSql()) await client.query(sql);
  // `ON CONFLICT` wants a key to conflict with.
  await client.query('ALTER TABLE settings ADD UNIQUE (key)');
  await client.query('SET compute_query_id = on');
});

afterAll(async () => {
  await client?.end();
  await stop();
});

/** By which pg_stat_statements groups. */
async function serverGroup(statement: string): Promise<string> {
  const { rows } = await client.query(`EXPLAIN (VERBOSE, FORMAT JSON) ${statement}`);
  const group = rows[0]['QUERY PLAN'][0]['Query Identifier'];
  if (group === undefined) throw new Error(`no identifier for ${statement}`);
  return String(group);
}

const ourGroup = (statement: string): string => described('postgresql', statement).text;

/** Statements that the two sides do not put together alike: pairs of one side's group and the other's. */
async function differences(statements: readonly string[]): Promise<string[][]> {
  const ours = new Map<string, Set<string>>();
  const theirs = new Map<string, Set<string>>();
  for (const statement of statements) {
    const [mine, server] = [ourGroup(statement), await serverGroup(statement)];
    ours.set(mine, (ours.get(mine) ?? new Set()).add(server));
    theirs.set(server, (theirs.get(server) ?? new Set()).add(mine));
  }
  const splits = [...theirs.values()].filter((group) => group.size > 1).map((group) => [...group]);
  const merges = [...ours].filter(([, group]) => group.size > 1).map(([text]) => [text]);
  return [...splits, ...merges];
}

const VARIANTS = [1, 2, 3];
const written = SHAPES.flatMap((shape) => [
  ...VARIANTS.map((variant) => withValues(shape, variant)),
  laidOut(withValues(shape, 4)),
  inLowerCase(withValues(shape, 5)),
]);

it('statements are grouped as PostgreSQL groups them, whatever their values, layout and case', async () => {
  const different = [...new Set(written)];
  expect(different.length).toBeGreaterThanOrEqual(300);
  expect(await differences(different)).toEqual([]);
});

it.each([
  [
    'a list of IN and an array of ANY are two groups, and one of PostgreSQL’s',
    { ours: 2, theirs: 1 },
    [
      'SELECT id FROM products WHERE id IN (1, 2, 3)',
      'SELECT id FROM products WHERE id = ANY (ARRAY[1, 2, 3])',
    ],
  ],
  [
    'names with quotes and without are two groups, and one of PostgreSQL’s',
    { ours: 2, theirs: 1 },
    ['SELECT "id" FROM "products"', 'SELECT id FROM products'],
  ],
  [
    'a table by its schema, or by another alias, is another group, and one of PostgreSQL’s',
    { ours: 2, theirs: 1 },
    ['SELECT id FROM products p', 'SELECT id FROM public.products AS q'],
  ],
  [
    'lists of other lengths are one group, and several of PostgreSQL’s before 18',
    { ours: 1, theirs: 2 },
    ['SELECT id FROM products WHERE id IN (1, 2)', 'SELECT id FROM products WHERE id IN (1, 2, 3)'],
  ],
  [
    'inserts of other numbers of rows are one group, and several of PostgreSQL’s before 18',
    { ours: 1, theirs: 2 },
    [
      "INSERT INTO settings (key, value) VALUES ('a', 'b'), ('c', 'd')",
      "INSERT INTO settings (key, value) VALUES ('a', 'b'), ('c', 'd'), ('e', 'f')",
    ],
  ],
])('%s', async (_what, { ours, theirs }, statements) => {
  expect(new Set(statements.map(ourGroup)).size).toBe(ours);
  const groups = [];
  for (const statement of statements) groups.push(await serverGroup(statement));
  expect(new Set(groups).size).toBe(theirs);
});
