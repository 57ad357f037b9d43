/** What is said of tables and their indexes, without any statement. */
import { describe, expect, it } from 'vitest';
import type { Index } from '../../src/advisor/catalogue.js';
import { POSTGRES_SQL } from '../../src/advisor/index-sql.js';
import { careOf } from '../../src/advisor/table-care.js';
import { tableWith } from './table-with.js';

const indexOf = (name: string, keys: readonly string[], more: Partial<Index> = {}): Index => ({
  ...{ name, keys, columns: keys, isUnique: false, isConstraint: false, isOrdinary: true },
  ...{ bytes: 0, scans: null },
  ...more,
});

function care(indexes: readonly Index[], countedDays?: number) {
  const table = {
    ...tableWith('orders', { id: 50_000, customer_id: 900, shop_id: 5 }),
    indexes,
    foreignKeys: [{ name: 'customer', columns: ['customer_id'], referenced: 'customers' }],
  };
  const options = { database: 'shop', dialect: POSTGRES_SQL, rowsMin: 10_000 };
  const advice = careOf([table], { ...options, countedDays });
  return advice.map(({ kind, ddl }) => [kind, ddl]);
}

const SERVED = indexOf('by_customer', ['customer_id']);

describe('an index', () => {
  it('is another one’s duplicate when that begins with its keys', () => {
    expect(care([SERVED, indexOf('more', ['customer_id', 'id'])])).toEqual([
      ['duplicate_index', 'DROP INDEX CONCURRENTLY by_customer;'],
    ]);
  });

  it('of an expression is nobody’s duplicate, for the other’s expression may be another', () => {
    const lower = indexOf('lower_email', [''], { isUnique: true });
    expect(care([SERVED, lower, indexOf('lower_name', [''])])).toEqual([]);
    expect(care([SERVED, indexOf('a', ['id', '']), indexOf('b', ['id', ''])])).toEqual([]);
  });

  it('of a column alone is a duplicate of one that goes on with an expression', () => {
    expect(care([SERVED, indexOf('a', ['id']), indexOf('b', ['id', ''])])).toEqual([
      ['duplicate_index', 'DROP INDEX CONCURRENTLY a;'],
    ]);
  });
});

describe('an index that was never read', () => {
  const idle = { scans: 0 };

  it('is one too many', () => {
    expect(care([SERVED, indexOf('idle', ['shop_id'], idle)], 30)).toEqual([
      ['unused_index', 'DROP INDEX CONCURRENTLY idle;'],
    ]);
  });

  it('is none where a foreign key would be without one', () => {
    expect(care([{ ...SERVED, ...idle }], 30)).toEqual([]);
    const more = indexOf('more', ['customer_id', 'shop_id'], idle);
    const other = indexOf('other', ['customer_id', 'id'], idle);
    expect(care([more, other], 30)).toEqual([['unused_index', 'DROP INDEX CONCURRENTLY more;']]);
  });
});

describe('a foreign key', () => {
  const partial = { isOrdinary: false };

  it('is served by an index of all rows that refer to something', () => {
    const filled = indexOf('by_customer', ['customer_id'], { ...partial, filled: 'customer_id' });
    expect(care([filled])).toEqual([]);
  });

  it.each([
    ['of other rows', { ...partial }],
    ['of rows in which another column is filled', { ...partial, filled: 'shop_id' }],
  ])('is not served by an index %s', (_, more) => {
    expect(care([indexOf('by_customer', ['customer_id'], more)])).toEqual([
      ['foreign_key_without_index', 'CREATE INDEX CONCURRENTLY ON orders (customer_id);'],
    ]);
  });
});
