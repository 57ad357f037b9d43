/** Comparisons that are told again: which, for how long, and how many. */
import { describe, expect, it } from 'vitest';
import type { CompareRequest, CompareResult } from '../../../src/collector/query/run-compare.js';
import { ComparisonCache } from '../../../src/collector/store/comparison-cache.js';

const MINUTE_MS = 60_000;

function open() {
  const clock = { ms: 0 };
  const cache = new ComparisonCache(() => clock.ms);
  let asked = 0;
  /** A comparison that takes so long, by the clock. */
  const ask = (metric: string, takesMs: number): Promise<CompareResult | undefined> =>
    cache.get({ metric } as CompareRequest, async () => {
      asked += 1;
      await Promise.resolve();
      clock.ms += takesMs;
      return undefined;
    });
  return { cache, clock, ask, asked: () => asked };
}

describe('a comparison', () => {
  it('that took long is told again for five minutes', async () => {
    const { clock, ask, asked } = open();
    await ask('a', 2000);
    clock.ms += 4 * MINUTE_MS;
    await ask('a', 2000);
    expect(asked()).toBe(1);
    clock.ms += 2 * MINUTE_MS;
    await ask('a', 2000);
    expect(asked()).toBe(2);
  });

  it('that was quick is made anew', async () => {
    const { ask, asked } = open();
    await ask('a', 20);
    await ask('a', 20);
    expect(asked()).toBe(2);
  });

  it('that is being made is waited for by all who ask', async () => {
    const { ask, asked } = open();
    await Promise.all([ask('a', 20), ask('a', 20), ask('b', 20)]);
    expect(asked()).toBe(2);
  });

  it('that failed is made anew', async () => {
    const { cache, asked, ask } = open();
    const failing = { metric: 'a' } as CompareRequest;
    await expect(cache.get(failing, () => Promise.reject(new Error('busy')))).rejects.toThrow();
    await ask('a', 20);
    expect(asked()).toBe(1);
  });

  it('is one of twenty that are kept', async () => {
    const { ask, asked } = open();
    for (let i = 0; i < 25; i++) await ask(`${i}`, 2000);
    await ask('24', 2000);
    expect(asked()).toBe(25);
    await ask('0', 2000);
    expect(asked()).toBe(26);
  });
});
