/** The pool itself, with tasks that end when the test says so. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  createQueryPool,
  type QueryPool,
  QueryQueueFullError,
  WAITING_MAX,
} from '../../src/workers/query-pool.js';

const MODULE = new URL('../fixtures/apps/query-thread.mjs', import.meta.url);
const THREADS = 2;
let pool: QueryPool | undefined;

afterEach(async () => {
  await pool?.close();
});

describe('the query pool', () => {
  it('refuses what comes while as many tasks wait as may, loses none of those, and takes more later', async () => {
    const lines: string[] = [];
    pool = createQueryPool(MODULE, THREADS, (line) => lines.push(line));
    const { run } = pool;
    const memory = new SharedArrayBuffer(4);
    const taken = Array.from({ length: THREADS + WAITING_MAX }, () => run(memory));
    const refused = run(memory);
    await expect(refused).rejects.toThrow(QueryQueueFullError);
    await expect(refused).rejects.toThrow(String(WAITING_MAX));

    const word = new Int32Array(memory);
    Atomics.store(word, 0, 1);
    Atomics.notify(word, 0);
    expect(new Set(await Promise.all(taken))).toEqual(new Set(['done']));
    expect(await run(memory)).toBe('done');
    expect(lines).toEqual([]);
  });

  it('has room again when tasks failed', async () => {
    pool = createQueryPool(MODULE, THREADS, () => undefined);
    const { run } = pool;
    for (let round = 0; round < 2; round++) {
      const failing = Array.from({ length: THREADS + WAITING_MAX }, () => run('no task'));
      for (const outcome of await Promise.allSettled(failing)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(TypeError) });
      }
    }
  });
});
