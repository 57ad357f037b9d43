/** Answers that are told again: which, for how long, and how many. */
import { describe, expect, it } from 'vitest';
import { KeptAnswers } from '../../../src/collector/http/kept-answers.js';

const MINUTE_MS = 60_000;

function open() {
  const clock = { ms: 0 };
  const cache = new KeptAnswers<string>(() => clock.ms);
  let asked = 0;
  /** A question whose answer takes so long, by the clock. */
  const ask = (key: string, takesMs: number): Promise<string> =>
    cache.get(key, async () => {
      asked += 1;
      await Promise.resolve();
      clock.ms += takesMs;
      return key;
    });
  return { cache, clock, ask, asked: () => asked };
}

describe('an answer', () => {
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
    await expect(cache.get('a', () => Promise.reject(new Error('busy')))).rejects.toThrow();
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

  it('that is being made is not let go for others', async () => {
    const { cache, ask, asked } = open();
    let finish: (answer: string) => void = () => {};
    const slow = cache.get('slow', () => new Promise((resolve) => (finish = resolve)));
    for (let i = 0; i < 25; i++) await ask(`${i}`, 2000);
    const again = cache.get('slow', () => Promise.reject(new Error('asked twice')));
    finish('told');
    expect(await Promise.all([slow, again])).toEqual(['told', 'told']);
    expect(asked()).toBe(25);
  });
});
