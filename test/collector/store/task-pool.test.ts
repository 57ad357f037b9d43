/** Which pool a task runs in. */
import { expect, it } from 'vitest';
import { runOnPools } from '../../../src/collector/store/task-pool.js';
import type { StoreTask } from '../../../src/collector/store/tasks.js';
import type { QueryPool } from '../../../src/workers/query-pool.js';

it('comparisons have a pool of their own', async () => {
  const pool = (name: string): QueryPool => ({ run: async () => name, close: async () => {} });
  const run = runOnPools(pool('all'), pool('comparing'));
  const types: StoreTask['type'][] = ['query', 'rollup', 'day', 'compare'];
  const taken = await Promise.all(types.map((type) => run({ type } as StoreTask)));
  expect(taken).toEqual(['all', 'all', 'all', 'comparing']);
});
