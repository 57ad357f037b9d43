import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arm } from '../../bench/arms.js';
import { armOrder, runRounds } from '../../bench/harnesses/run-rounds.js';
import { medianInterval } from '../../bench/statistics/bootstrap.js';
import { median, quantile } from '../../bench/statistics/quantile.js';
import { createRandom, latenciesUs, shuffle } from '../../bench/statistics/random.js';
import { theilSen } from '../../bench/statistics/theil-sen.js';
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

describe('rounds', () => {
  it('have each arm once, and a peer in the first six only', async () => {
    const arm = (name: string, role: Arm['role']): Arm => ({
      ...{ name, role, execArgv: [], env: () => ({}) },
    });
    const arms = [arm('off', 'baseline'), arm('on', 'treatment'), arm('other', 'peer')];
    const what = { harness: 'h', subject: 's', rounds: 8, headline: 'cost' };
    const context = { arms, seed: 1, progress: () => {} } as unknown as Parameters<
      typeof runRounds
    >[0];
    const rows = await runRounds(context, what, async () => ({ cost: 1 }));
    const roundsOf = (name: string) =>
      rows.filter((row) => row.arm === name).map((row) => row.round);
    expect(roundsOf('off')).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(roundsOf('on')).toEqual(roundsOf('off'));
    expect(roundsOf('other')).toEqual([0, 1, 2, 3, 4, 5]);
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

describe('slope by Theil and Sen', () => {
  const line = (n: number, y: (x: number) => number) =>
    Array.from({ length: n }, (_, x) => ({ x, y: y(x) }));

  it('is that of the line, whatever a few outliers do', () => {
    expect(theilSen(line(20, (x) => 3 * x + 7))).toEqual({ slope: 3, low: 3, high: 3 });
    const spiked = line(20, (x) => (x % 7 === 3 ? 1e6 : 3 * x + 7));
    expect(theilSen(spiked).slope).toBeCloseTo(3);
  });

  it('has an interval that covers the true slope about 95 times in 100', () => {
    const random = createRandom(5);
    const trials = 300;
    let covered = 0;
    for (let i = 0; i < trials; i++) {
      const { low, high } = theilSen(line(30, (x) => 2 * x + 40 * random()));
      if (low <= 2 && high >= 2) covered += 1;
    }
    expect(covered / trials).toBeGreaterThan(0.92);
    expect(covered / trials).toBeLessThan(0.99);
  });

  it('has the ends that Sen gives: the slopes of rank (N ± C) / 2', () => {
    // Ten points have 45 slopes; C = 1.96 √(10 · 9 · 25 / 18) = 21.9, so ranks 11.5 and 33.5, the upper one plus 1.
    const points = line(10, (x) => 2 ** x);
    const slopes = points
      .flatMap((a, i) => points.slice(i + 1).map((b) => (b.y - a.y) / (b.x - a.x)))
      .sort((a, b) => a - b);
    const { low, high } = theilSen(points);
    expect(slopes.indexOf(low) + 1).toBe(11);
    expect(slopes.indexOf(high) + 1).toBe(35);
  });

  it.each([0, 1, 201])('refuses %d points', (n) => {
    expect(() => theilSen(line(n, (x) => x))).toThrow(RangeError);
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
