/** What a sample says of all rows. */
import { describe, expect, it } from 'vitest';
import { createStatistics, distinctIn } from '../../src/advisor/sampled-statistics.js';
import { plannable } from '../../src/advisor/statement/plannable.js';
import { tableUsesOf } from '../../src/advisor/statement/table-uses.js';
import { tableWith } from './table-with.js';

describe('the number of different values', () => {
  it.each([
    [5, 4000, 1_000_000, 5],
    [500, 4000, 1_000_000, 500],
    [1, 4000, 1_000_000, 1],
    [4000, 4000, 1_000_000, 1_000_000],
    [0, 0, 50_000, 50_000],
  ])('of %d in %d of %d rows is %d', (seen, size, rows, distinct) => {
    expect(distinctIn(seen, size, rows)).toBe(distinct);
  });

  it('is found again from what evenly spread ones show', () => {
    for (const distinct of [50, 900, 5000, 50_000]) {
      const seen = Math.round(distinct * (1 - Math.exp(-4000 / distinct)));
      const found = distinctIn(seen, 4000, 10_000_000);
      expect(found / distinct).toBeGreaterThan(0.8);
      expect(found / distinct).toBeLessThan(1.25);
    }
  });
});

describe('a sample', () => {
  const bare = tableWith('orders', { id: 1e6, status: 1e6, ref: 1e6 });
  const columns = [...bare.columns].map(
    ([name, column]) => [name, { ...column, distinct: null }] as const,
  );
  const table = { ...bare, columns: new Map(columns) };
  const usesOf = (sql: string) => {
    const asked = plannable('mysql', sql);
    if (asked.kind === 'refused') throw new Error(asked.reason);
    return tableUsesOf(asked.tokens, () => table);
  };

  it('is taken once for a column, of both ends, and counts only', async () => {
    const asked: string[] = [];
    const withStatistics = createStatistics({
      take: async (sql) => {
        asked.push(sql);
        return { n: 4000, d0: 5, n0: 4000 };
      },
      quote: '`',
      orderOf: () => ['id'],
    });
    const [use] = usesOf('SELECT id FROM orders WHERE status = 1');
    for (let i = 0; i < 2; i++) {
      const known = await withStatistics(use!);
      expect(known.table.columns.get('status')).toMatchObject({ distinct: 5, nullShare: 0 });
      expect(known.table.columns.get('ref')?.distinct).toBeNull();
    }
    expect(asked).toEqual([
      'SELECT COUNT(*) AS n, COUNT(DISTINCT c0) AS d0, COUNT(c0) AS n0 FROM (' +
        'SELECT * FROM (SELECT status AS c0 FROM orders ORDER BY id ASC LIMIT 2000) AS e UNION ALL ' +
        'SELECT * FROM (SELECT status AS c0 FROM orders ORDER BY id DESC LIMIT 2000) AS e) AS s',
    ]);
  });

  it('that cannot be taken says that nothing is selective', async () => {
    const withStatistics = createStatistics({
      take: async () => undefined,
      quote: '`',
      orderOf: () => [],
    });
    const [use] = usesOf('SELECT id FROM orders WHERE ref = 1');
    expect((await withStatistics(use!)).table.columns.get('ref')?.distinct).toBe(1);
  });
});
