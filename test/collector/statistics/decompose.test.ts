import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decompose } from '../../../src/collector/statistics/decompose.js';

const side = fc.record({
  count: fc.integer({ min: 0, max: 1000 }),
  sum: fc.integer({ min: 0, max: 100_000 }),
});

it('the three parts add up to the difference', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ before: side, after: side }), { minLength: 1, maxLength: 8 }),
      (strata) => {
        const cause = decompose(strata);
        const total = (of: 'before' | 'after'): number =>
          strata.reduce((sum, stratum) => sum + stratum[of].sum, 0);
        if (cause === null) return;
        const parts = cause.volume + cause.mix + cause.latency;
        expect(parts).toBeCloseTo(total('after') - total('before'), 4);
      },
    ),
  );
});

const of = (count: number, mean: number) => ({ count, sum: count * mean });

it('more of the same calls is volume alone', () => {
  const strata = [{ before: of(100, 2), after: of(150, 2) }];
  expect(decompose(strata)).toEqual({ volume: 100, mix: 0, latency: 0 });
});

it('slower calls are latency alone', () => {
  const strata = [{ before: of(100, 2), after: of(100, 3) }];
  expect(decompose(strata)).toEqual({ volume: 0, mix: 0, latency: 100 });
});

it('more of the slow ones and fewer of the fast ones is mix alone', () => {
  const strata = [
    { before: of(50, 1), after: of(20, 1) },
    { before: of(50, 9), after: of(80, 9) },
  ];
  expect(decompose(strata)).toEqual({ volume: 0, mix: 240, latency: 0 });
});

it('a week after a day is compared per time', () => {
  const strata = [{ before: of(100, 2), after: of(700, 2) }];
  expect(decompose(strata, 7)).toEqual({ volume: 0, mix: 0, latency: 0 });
  expect(decompose([{ before: of(0, 0), after: of(1, 1) }])).toBeNull();
});
