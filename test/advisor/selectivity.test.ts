/** How many rows a condition lets through, as far as samples tell. */
import { describe, expect, it } from 'vitest';
import { equalShare, mostSelective } from '../../src/advisor/selectivity.js';
import { tableWith } from './table-with.js';

const NULLS = new Set(['deleted_at']);

describe('IS NULL', () => {
  it('lets through the share of rows that have no value', () => {
    const table = tableWith('orders', { id: 1000, deleted_at: 10 }, { deleted_at: 0.99 });
    expect(equalShare(table, ['deleted_at'], NULLS)).toBe(0.99);
  });

  it('may let through all of them, where no sample could be taken', () => {
    const table = tableWith('orders', { id: 5_000_000, deleted_at: 1 });
    expect(equalShare(table, ['deleted_at'], NULLS)).toBe(1);
    expect(mostSelective(table, ['deleted_at', 'id'], NULLS)).toEqual(['id', 'deleted_at']);
  });
});
