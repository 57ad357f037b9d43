/** Which indexes are worth their keep, as estimated from a plan that reads tables whole. */
import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../src/advisor/candidates.js';
import type { FindTable } from '../../src/advisor/catalogue.js';
import { modelledPlan } from '../../src/advisor/modelled-plan.js';
import type { Plan, Scan } from '../../src/advisor/plan.js';
import { plannable } from '../../src/advisor/statement/plannable.js';
import { type TableUse, tableUsesOf } from '../../src/advisor/statement/table-uses.js';
import { type Better, tryEstimated } from '../../src/advisor/try-estimated.js';
import { tableWith } from './table-with.js';

const COLUMNS = {
  id: 4e5,
  customer: 5e4,
  ref: 4e5,
  status: 5,
  shop: 40,
  total: 1e5,
  gone: 4000,
  done: 4e5,
};
/** Few are deleted, and few are still to be done. */
const orders = tableWith('orders', COLUMNS, { gone: 0.99, done: 0.001 });
const customers = tableWith('customers', { id: 1e5, city: 900, email: 1e5 });
const items = tableWith('items', { id: 8e5, order_id: 4e5 });
const primary = (columns: readonly string[]) => ({
  ...{ name: 'PRIMARY', columns, isUnique: true, isConstraint: true, isOrdinary: true },
  ...{ keys: columns, bytes: 0, scans: null },
});
const TABLES = [orders, customers, items].map((table) => ({
  ...table,
  indexes: [primary(['id'])],
}));
const find: FindTable = (_schema, name) => TABLES.find((table) => table.name === name);

function usesOf(sql: string): TableUse[] {
  const asked = plannable('postgresql', sql);
  if (asked.kind === 'refused') throw new Error(asked.reason);
  return tableUsesOf(asked.tokens, find);
}

const whole = (table: string, cost: number, rows: number, join?: Scan['join']): Scan => ({
  ...{ kind: 'table_scan', table, index: undefined, cost, rows, loops: 1, join },
});

function best(plan: Plan, uses: readonly TableUse[]): Better | undefined {
  return tryEstimated(
    plan,
    uses.map((use) => ({ use, candidates: candidatesOf(use, 10_000) })),
  );
}

function namesOf(better: Better | undefined): string[] {
  const names = better?.indexes.map(
    ({ candidate: { table, columns } }) => `${table.name}(${columns})`,
  );
  return (names ?? []).sort();
}

describe('an OR', () => {
  const plan = { cost: 10_000, scans: [whole('orders', 10_000, 9)], sortCost: 0 };
  const advised = (where: string) =>
    namesOf(best(plan, usesOf(`SELECT id FROM orders WHERE ${where}`)));

  it('is worth an index for each of its arms, all of them together', () => {
    expect(advised('customer = 4 OR ref = 5')).toEqual(['orders(customer)', 'orders(ref)']);
  });

  it('takes of an arm with several columns the most selective', () => {
    expect(advised("(status = 'new' AND customer = 4) OR ref = 5")).toEqual([
      'orders(customer)',
      'orders(ref)',
    ]);
  });

  it('needs none for an arm that has its index', () => {
    expect(advised('id = 4 OR ref = 5')).toEqual(['orders(ref)']);
  });

  it('is worth one index where all of its arms are on one column', () => {
    expect(advised('customer = 4 OR customer = 5 OR customer = 6')).toEqual(['orders(customer)']);
  });

  it.each([
    ['arms on one column leave too many rows together', 'shop = 4 OR shop = 5 OR shop = 6'],
    ['one arm leaves too many rows', "customer = 4 OR status = 'new'"],
    ['one arm is a range, of which the values are not known', 'customer = 4 OR total > 5'],
    ['one arm cannot be found by an index', 'customer = 4 OR lower(ref) = 5'],
    ['one arm is an exception', 'customer = 4 OR ref <> 5'],
    ['one arm asks for nulls, which may be most', 'customer = 4 OR gone IS NULL'],
  ])('is worth none where %s', (_what, where) => {
    expect(advised(where)).toEqual([]);
  });
});

describe('IS NULL', () => {
  const planned = (where: string) => {
    const uses = usesOf(`SELECT id FROM orders WHERE ${where}`);
    const access = { alias: 'orders', kind: 'table_scan', index: undefined } as const;
    return namesOf(best(modelledPlan([access], uses, false), uses));
  };

  it('is worth no index where most are', () => {
    expect(planned('gone IS NULL')).toEqual([]);
    expect(planned("gone IS NULL AND status = 'new'")).toEqual([]);
  });

  it('leaves the index to the column beside it', () => {
    expect(planned('gone IS NULL AND customer = 4')).toEqual(['orders(customer)']);
  });

  it('is worth one where few are', () => {
    expect(planned('done IS NULL')).toEqual(['orders(done)']);
  });
});

describe('a join', () => {
  const sql = `SELECT c.id FROM customers c WHERE c.city = 'x'
    AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`;

  it('spares its hash where rows are looked up one by one', () => {
    const join = { cost: 3000 };
    const scans = [whole('customers', 2000, 50, join), whole('orders', 3000, 4e5, join)];
    const better = best({ cost: 8000, scans, sortCost: 0 }, usesOf(sql));
    expect(namesOf(better)).toEqual(['customers(city)', 'orders(customer)']);
    // Once, though both of its sides are replaced.
    expect(better!.cost).toBeGreaterThan(0);
    expect(better!.cost).toBeLessThan(4000);
  });

  it('is worth nothing where its cost stays', () => {
    const scans = [whole('customers', 2000, 110), whole('orders', 3000, 4e5)];
    expect(best({ cost: 18_000, scans, sortCost: 0 }, usesOf(sql))).toBeUndefined();
  });
});

describe('a plan that begins at the wrong end, for want of indexes,', () => {
  const access = (alias: string, index?: string) => ({
    ...{ alias, kind: index === undefined ? 'table_scan' : 'index_scan', index },
  });
  const advised = (sql: string, aliases: readonly [string, string?][], isSorted: boolean) => {
    const uses = usesOf(sql);
    const accesses = aliases.map((one) => access(...one)) as Parameters<typeof modelledPlan>[0];
    return namesOf(best(modelledPlan(accesses, uses, isSorted), uses));
  };

  it('is worth both of a subquery that is looked up row by row', () => {
    const sql = 'SELECT id FROM items WHERE order_id IN (SELECT id FROM orders WHERE customer = 4)';
    expect(advised(sql, [['items'], ['orders', 'PRIMARY']], false)).toEqual([
      'items(order_id)',
      'orders(customer)',
    ]);
  });

  it('is worth all of a join, of whose few rows the sort costs little', () => {
    const sql = `SELECT i.id FROM customers c JOIN orders o ON o.customer = c.id JOIN items i ON i.order_id = o.id
      WHERE c.email = 'x' ORDER BY i.id`;
    const accesses: [string, string?][] = [['i'], ['o', 'PRIMARY'], ['c', 'PRIMARY']];
    expect(advised(sql, accesses, true)).toEqual([
      'customers(email)',
      'items(order_id)',
      'orders(customer)',
    ]);
  });
});
