/**
 * A slice of examples/advice/check.js: statements whose best index is known, over smaller tables. What is advised is
 * right, and nothing where nothing helps; times are the check's.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASES } from '../../examples/advice/databases.js';
import { judge, summaryOf, verdictText } from '../../examples/advice/judge.js';
import { statementsFor } from '../../examples/advice/statements.js';
import { advise } from '../../src/advisor/advise.js';
import { optionsOf } from '../advisor/options-of.js';

const ROWS = 12_000;
/** The services may have to be installed. */
const START_MS_MAX = 300_000;

interface Database {
  readonly dsn: string;
  readonly hasTrials: boolean;
  close(): Promise<void>;
}

type Kind = keyof typeof DATABASES;

const WAYS: Readonly<Record<Kind, readonly string[]>> = {
  postgres: ['tried', 'estimated'],
  mariadb: ['estimated'],
  sqlite: ['tried'],
};

/** 60 statements, each with a connection of its own: seconds, on a busy machine minutes. */
const TIMEOUT_MS = 300_000;

describe.each(Object.keys(DATABASES) as Kind[])('on %s', { timeout: TIMEOUT_MS }, (kind) => {
  let database: Database;
  beforeAll(async () => {
    database = await DATABASES[kind](ROWS);
  }, START_MS_MAX);
  afterAll(() => database.close());

  it.each(WAYS[kind])('what is %s is right, and nothing is where nothing helps', async (way) => {
    const wrong: string[] = [];
    for (const { sql, helps, beyond } of statementsFor(kind)) {
      if (beyond === 'values') continue;
      const report = await advise(
        database.dsn,
        optionsOf([sql], { mayTryIndexes: way === 'tried' }),
      );
      const missing = report.advice.filter((one) => one.kind === 'missing_index');
      const advised = missing.map(({ table, ddl }) => ({ table, columns: columnsOf(ddl ?? '') }));
      const verdict = verdictText(judge(helps, advised));
      if (!verdict.startsWith('right')) wrong.push(`${sql}: ${verdict}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('the judgement of the check', () => {
  const helps = { orders: ['customer_id'], items: ['order_id'] };
  it.each([
    [[{ table: 'orders', columns: ['customer_id', 'at'] }], 'misses items'],
    [[], 'MISSED'],
    [[{ table: 'orders', columns: ['at', 'customer_id'] }], 'WRONG'],
    [[{ table: 'other', columns: ['customer_id'] }], 'WRONG'],
    [
      [
        { table: 'orders', columns: ['customer_id'] },
        { table: 'items', columns: ['order_id'] },
      ],
      'right',
    ],
  ])('of %j is %s', (advised, text) => {
    expect(verdictText(judge(helps, advised))).toBe(text);
  });

  it('says no to an index where none helps', () => {
    expect(verdictText(judge({}, [{ table: 'orders', columns: ['status'] }]))).toBe('WRONG');
    expect(verdictText(judge({}, []))).toBe('right: none');
  });

  it('counts indexes, not statements', () => {
    const verdicts = [judge(helps, [{ table: 'orders', columns: ['customer_id'] }]), judge({}, [])];
    const rows = verdicts.map((verdict) => ({
      helps,
      verdict,
      before: { ms: 10 },
      after: { ms: 6 },
    }));
    expect(summaryOf(rows)).toMatchObject({
      right: 1,
      missed: 1,
      wrong: 0,
      recall: 0.5,
      faster: 0,
    });
  });
});

function columnsOf(ddl: string): string[] {
  return ddl.slice(ddl.lastIndexOf('(') + 1, ddl.lastIndexOf(')')).split(', ');
}
