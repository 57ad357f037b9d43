/** What of a statement an index could serve, by table. */
import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../../src/advisor/candidates.js';
import type { FindTable, Index } from '../../../src/advisor/catalogue.js';
import { plannable } from '../../../src/advisor/statement/plannable.js';
import { tableUsesOf } from '../../../src/advisor/statement/table-uses.js';
import { tableWith } from '../table-with.js';

const orders = tableWith('orders', {
  id: 1e6,
  customer: 5e4,
  status: 5,
  at: 9e5,
  ref: 1e6,
  doc: 1e6,
});
const items = tableWith('items', { id: 4e6, order_id: 1e6, product: 1000 });
const TABLES = [orders, items];
const find: FindTable = (schema, name) =>
  schema === '' || schema === 'public' ? TABLES.find((table) => table.name === name) : undefined;

function candidates(sql: string, indexes: readonly Index[] = []): string[] {
  const asked = plannable('postgresql', sql);
  if (asked.kind === 'refused') throw new Error(asked.reason);
  return tableUsesOf(asked.tokens, find).flatMap((use) =>
    candidatesOf({ ...use, table: { ...use.table, indexes } }, 10_000).map(
      ({ table, columns }) => `${table.name}(${columns.join(',')})`,
    ),
  );
}

describe('candidates', () => {
  it('put the most selective column of equality first, then one range', () => {
    expect(
      candidates("SELECT * FROM orders WHERE status = 'x' AND at > now() AND customer = 4")[0],
    ).toBe('orders(customer,status,at)');
  });

  it('end in the order, where it is of plain columns of one table and one direction', () => {
    const sql = 'SELECT * FROM orders o WHERE o.customer = 1 ORDER BY';
    expect(candidates(`${sql} at DESC LIMIT 5`)).toContain('orders(customer,at)');
    expect(candidates(`${sql} at DESC, ref ASC`)).toEqual(['orders(customer)']);
    expect(candidates(`${sql} lower(ref)`)).toEqual(['orders(customer)']);
  });

  it('leave out a column that no index holds, and only that', () => {
    expect(candidates("SELECT 1 FROM orders WHERE doc = '{}' AND customer = 4")).toEqual([
      'orders(customer)',
    ]);
  });

  it('are of both sides of a join', () => {
    const sql =
      'SELECT 1 FROM orders o JOIN public.items AS i ON (i.order_id = o.id) WHERE i.product = 3';
    expect(candidates(sql)).toEqual([
      'orders(id)',
      'items(order_id,product)',
      'items(order_id)',
      'items(product)',
    ]);
    expect(candidates('SELECT 1 FROM orders JOIN items USING (id)')).toEqual([
      'orders(id)',
      'items(id)',
    ]);
  });

  it('see into subqueries, common table expressions and arms of a UNION', () => {
    expect(
      candidates('SELECT 1 FROM orders o WHERE EXISTS (SELECT 1 FROM items WHERE order_id = o.id)'),
    ).toEqual(['items(order_id)']);
    expect(candidates('WITH x AS (SELECT id FROM orders WHERE ref = $1) SELECT * FROM x')).toEqual([
      'orders(ref)',
    ]);
    expect(
      candidates(
        'SELECT 1 FROM orders WHERE ref = 1 UNION SELECT 2 FROM items WHERE product = 2',
      ).sort(),
    ).toEqual(['items(product)', 'orders(ref)']);
  });

  it('are one for each arm of an OR', () => {
    expect(candidates('SELECT 1 FROM orders WHERE customer = 1 OR ref = 2')).toEqual([
      'orders(customer)',
      'orders(ref)',
    ]);
  });

  it.each([
    ['an expression around the column', "SELECT 1 FROM orders WHERE lower(ref) = 'x'"],
    ['a cast of it', "SELECT 1 FROM orders WHERE at::date = '2026-01-01'"],
    ['a pattern', "SELECT 1 FROM orders WHERE ref LIKE '%x'"],
    ['an exception', 'SELECT 1 FROM orders WHERE customer <> 4 AND NOT ref = 3'],
    ['two columns of one row', 'SELECT 1 FROM orders WHERE customer = id'],
    ['a column of an unknown table', 'SELECT 1 FROM elsewhere e WHERE e.customer = 4'],
    ['an operator that only contains a comparison', 'SELECT 1 FROM orders WHERE doc @> $1'],
    ['a type that has no useful order', "SELECT 1 FROM orders WHERE doc = '{}'"],
  ])('are none for %s', (_what, sql) => {
    expect(candidates(sql)).toEqual([]);
  });

  it('leave out what an index serves already', () => {
    const index = (columns: string[], isUnique = false): Index => ({
      ...{ name: 'i', columns, isUnique, isConstraint: false, isOrdinary: true },
      ...{ keys: columns, bytes: 0, scans: 0 },
    });
    const sql = 'SELECT 1 FROM orders WHERE customer = 1 AND status = 2';
    expect(candidates(sql, [index(['status', 'customer', 'at'])])).toEqual(['orders(customer)']);
    expect(candidates(sql, [index(['customer', 'status'])])).toEqual([]);
    expect(candidates(sql, [index(['customer'], true)])).toEqual([]);
    expect(candidates(sql, [{ ...index(['customer', 'status']), isOrdinary: false }])).toHaveLength(
      2,
    );
  });
});
