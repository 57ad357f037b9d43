import { describe, expect, it } from 'vitest';
import type {
  Comparison,
  RatioInterval,
} from '../../../src/collector/statistics/ratio-bootstrap.js';
import { judge, judgeChange } from '../../../src/collector/statistics/verdict.js';

const around = (ratio: number, half: number): RatioInterval => ({
  ratio,
  low: ratio - half,
  high: ratio + half,
  p: 0,
});

/** 100 ms before, in µs; a thousand calls a day. */
function compared(
  p95: RatioInterval,
  mean: RatioInterval = p95,
  of: Partial<{ baseUs: number; count: number; pairs: number }> = {},
): Comparison {
  const { baseUs = 100_000, count = 7000, pairs = 168 } = of;
  const side = (ratio: RatioInterval | undefined, meanRatio: RatioInterval | undefined) => ({
    count,
    sum: baseUs * count * (meanRatio?.ratio ?? 1),
    mean: baseUs * (meanRatio?.ratio ?? 1),
    p95: baseUs * (ratio?.ratio ?? 1),
  });
  return { p95, mean, before: side(undefined, undefined), after: side(p95, mean), pairs };
}

const verdict = (comparison: Comparison | undefined, isBelieved = true) =>
  judge(comparison, 1e6, 7, isBelieved).verdict;

describe('a change', () => {
  it('is one when its interval excludes none and it is felt', () => {
    expect(verdict(compared(around(1.2, 0.1)))).toBe('slower');
    expect(verdict(compared(around(0.8, 0.1)))).toBe('faster');
  });

  it('is none when chance is not excluded', () => {
    expect(verdict(compared(around(1.2, 0.25)))).toBe('noisy');
    expect(verdict(compared(around(1.2, 0.1)), false)).toBe('noisy');
  });

  it('is none below 5 %, below 2 ms, or when it costs next to nothing', () => {
    expect(verdict(compared(around(1.04, 0.005)))).toBe('unchanged');
    expect(verdict(compared(around(1.5, 0.1), undefined, { baseUs: 3000 }))).toBe('unchanged');
    expect(verdict(compared(around(1.2, 0.02), undefined, { baseUs: 20_000, count: 400 }))).toBe(
      'unchanged',
    );
  });

  it('may be one of the mean alone, and says so', () => {
    const judged = judge(compared(around(1, 0.01), around(1.3, 0.1)), 1e6, 7, true);
    expect(judged).toMatchObject({ verdict: 'slower', statistic: 'mean' });
  });
});

describe('no change', () => {
  it('is shown by an interval within 5 %', () => {
    expect(verdict(compared(around(1.01, 0.03)))).toBe('unchanged');
  });

  it('is not shown by a wider one, which says why', () => {
    expect(judge(compared(around(1, 0.3)), 1e6, 7, false)).toMatchObject({
      verdict: 'noisy',
      reason: 'the interval is wider than ±15 %',
    });
    expect(judge(compared(around(1, 0.08)), 1e6, 7, false).reason).toContain('neither shown');
  });

  it('is no verdict on too few samples or hours', () => {
    expect(verdict(compared(around(2, 0.1), undefined, { count: 199 }))).toBe('not enough data');
    expect(verdict(compared(around(2, 0.1), undefined, { pairs: 23 }))).toBe('not enough data');
    expect(judge(undefined, 1e6, 7, true)).toMatchObject({
      verdict: 'not enough data',
      interval: null,
    });
  });
});

describe('a step', () => {
  const step = (ratio: number) => ({ timeMs: 0, effect: compared(around(ratio, 0.03)) });
  const told = (whole: RatioInterval, ratio: number) =>
    judgeChange({ whole: compared(whole), since: null, step: step(ratio) }, 1e6, 7, true);

  it('is told where the whole shows nothing', () => {
    expect(told(around(1.02, 0.04), 0.8)).toMatchObject({ verdict: 'faster', since: step(0.8) });
    expect(told(around(0.98, 0.04), 1.3)).toMatchObject({ verdict: 'slower', since: step(1.3) });
  });

  it('is not told where the whole went the other way, though that is not shown', () => {
    expect(told(around(1.08, 0.12), 0.9)).toMatchObject({ verdict: 'noisy', since: null });
    expect(told(around(0.92, 0.12), 1.2)).toMatchObject({ verdict: 'noisy', since: null });
  });
});
