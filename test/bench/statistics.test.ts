import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armOrder } from '../../bench/harnesses/run-rounds.js';
import { medianInterval } from '../../bench/statistics/bootstrap.js';
import { median, quantile } from '../../bench/statistics/quantile.js';
import { createRandom, latenciesUs, shuffle } from '../../bench/statistics/random.js';
import { verdictOf, verdictWithinNoise } from '../../bench/statistics/verdict.js';

const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });

describe('random', () => {
  const draw = (seed: number, stream: string): number[] => {
    const random = createRandom(seed, stream);
    return Array.from({ length: 1000 }, random);
  };

  it('repeats itself for the same seed and stream', () => {
    expect(draw(7, 'order')).toEqual(draw(7, 'order'));
  });

  it('differs between seeds and between streams of a seed', () => {
    expect(draw(7, 'order')).not.toEqual(draw(8, 'order'));
    expect(draw(7, 'order')).not.toEqual(draw(7, 'arrivals'));
  });

  it('fills the range from 0 to 1 evenly', () => {
    const tenths = new Array(10).fill(0);
    for (const number of draw(3, 'even')) tenths[Math.floor(number * 10)] += 1;
    expect(tenths).toHaveLength(10);
    expect(Math.min(...tenths)).toBeGreaterThan(60);
  });

  it('makes latencies whose p99 is about ten times the median', () => {
    const latencies = latenciesUs(20_000, createRandom(1));
    expect(latencies.every((value) => Number.isInteger(value) && value >= 1)).toBe(true);
    expect(median(latencies)).toBeGreaterThan(1900);
    expect(median(latencies)).toBeLessThan(2100);
    expect(quantile(latencies, 0.99) / median(latencies)).toBeGreaterThan(9);
    expect(quantile(latencies, 0.99) / median(latencies)).toBeLessThan(11.5);
  });
});

describe('shuffle', () => {
  it('keeps every item and leaves the original alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = [...items];
        const shuffled = shuffle(items, createRandom(seed));
        expect(items).toEqual(before);
        expect([...shuffled].sort()).toEqual([...items].sort());
      }),
    );
  });

  it('reaches every order', () => {
    const random = createRandom(1);
    const orders = new Set<string>();
    for (let i = 0; i < 200; i++) orders.add(shuffle(['a', 'b', 'c'], random).join(''));
    expect(orders.size).toBe(6);
  });
});

describe('order of arms', () => {
  const arms = ['off', 'off2', 'on'];

  it('has every arm once in every round', () => {
    for (const round of armOrder(arms, 20, 5, 'x')) expect([...round].sort()).toEqual(arms);
  });

  it('is the same for the same seed, and another for another', () => {
    expect(armOrder(arms, 20, 5, 'x')).toEqual(armOrder(arms, 20, 5, 'x'));
    expect(armOrder(arms, 20, 5, 'x')).not.toEqual(armOrder(arms, 20, 6, 'x'));
  });

  it('does not put an arm in the same place in all rounds', () => {
    for (const place of [0, 1, 2]) {
      expect(new Set(armOrder(arms, 20, 5, 'x').map((round) => round[place])).size).toBe(3);
    }
  });
});

describe('quantile', () => {
  it('agrees with known medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20);
    expect(quantile([0, 10], 0.9)).toBeCloseTo(9);
  });

  it('sorts by size, not by spelling', () => {
    expect(median([9, 10, 100])).toBe(10);
  });

  it('lies between minimum and maximum and grows with the share', () => {
    fc.assert(
      fc.property(values, (list) => {
        const marks = [0, 0.1, 0.5, 0.9, 1].map((share) => quantile(list, share));
        // Adding 0 makes one zero of two: -0 and 0 are the same size.
        expect(marks[0]! + 0).toBe(Math.min(...list) + 0);
        expect(marks[4]! + 0).toBe(Math.max(...list) + 0);
        for (let i = 1; i < marks.length; i++) {
          expect(marks[i]).toBeGreaterThanOrEqual(marks[i - 1] as number);
        }
      }),
    );
  });

  it('refuses an empty list', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('bootstrap interval of the median', () => {
  it('holds the median and stays within the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 20 }), (list) => {
        const { median: center, low, high, rounds } = medianInterval(list, createRandom(1));
        expect(rounds).toBe(list.length);
        expect(low).toBeLessThanOrEqual(center);
        expect(high).toBeGreaterThanOrEqual(center);
        expect(low).toBeGreaterThanOrEqual(Math.min(...list));
        expect(high).toBeLessThanOrEqual(Math.max(...list));
      }),
      { numRuns: 20 },
    );
  });

  it('is the same for the same seed', () => {
    const list = [1, 4, 2, 8, 5, 7];
    expect(medianInterval(list, createRandom(3))).toEqual(medianInterval(list, createRandom(3)));
  });

  it('has no width when all rounds agree', () => {
    const { low, high } = medianInterval([5, 5, 5, 5], createRandom(1));
    expect([low, high]).toEqual([5, 5]);
  });

  it('covers the true median about 95 times in 100', () => {
    const random = createRandom(11);
    const trials = 200;
    let covered = 0;
    for (let i = 0; i < trials; i++) {
      const sample = Array.from({ length: 15 }, random);
      const { low, high } = medianInterval(sample, random);
      if (low <= 0.5 && high >= 0.5) covered += 1;
    }
    expect(covered / trials).toBeGreaterThan(0.9);
    expect(covered / trials).toBeLessThan(0.99);
  });
});

describe('verdict', () => {
  const interval = (low: number, high: number, rounds = 6) => ({
    median: (low + high) / 2,
    low,
    high,
    rounds,
  });

  it('holds only when the whole interval is below the bar', () => {
    expect(verdictOf(interval(1, 2), 2)).toBe('holds');
    expect(verdictOf(interval(1, 2.1), 2)).toBe('cannot tell');
  });

  it('is missed only when the whole interval is above it', () => {
    expect(verdictOf(interval(2.1, 3), 2)).toBe('missed');
    expect(verdictOf(interval(2, 3), 2)).toBe('cannot tell');
  });

  it('cannot be told from fewer than six rounds, however clear they look', () => {
    expect(verdictOf(interval(1, 1, 5), 100)).toBe('cannot tell');
    expect(verdictOf(interval(1, 1, 6), 100)).toBe('holds');
  });

  it('allows within noise as much as two runs of the same thing differ, either way', () => {
    expect(verdictWithinNoise(interval(1, 3), interval(-3, 1), 100)).toBe('holds');
    expect(verdictWithinNoise(interval(1, 3), interval(-1, 3), 100)).toBe('holds');
    expect(verdictWithinNoise(interval(3.1, 4), interval(-1, 3), 100)).toBe('missed');
    expect(verdictWithinNoise(interval(2, 4), interval(-1, 3), 100)).toBe('cannot tell');
  });

  it('does not hold within noise that would hide any change', () => {
    expect(verdictWithinNoise(interval(1, 3), interval(-1, 25), 100)).toBe('holds');
    expect(verdictWithinNoise(interval(1, 3), interval(-1, 26), 100)).toBe('cannot tell');
  });
});
