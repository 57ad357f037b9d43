import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatPoints } from '../../src/transport/flat-points.js';
import { histogramPoint, ROUTE_SERIES, sampleBatch } from './sample-batch.js';

/** What the product states for 2 significant digits. */
const ERROR_MAX = 0.007;
const PERMILLES = { p50: 500, p90: 900, p95: 950, p99: 990, p999: 999 } as const;

/** Percentiles of one histogram of these values, as whole numbers again. */
function flatPercentiles(values: readonly number[]): Record<string, number> {
  const series = { ...ROUTE_SERIES, scale: 1 };
  const [point] = flatPoints({ ...sampleBatch(), histograms: [histogramPoint(series, values)] });
  return point as Record<string, number>;
}

/** The smallest value with at least ceil(p × count) values at or below it. */
function exactPercentile(values: readonly number[], permille: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((permille * sorted.length) / 1000)) - 1] as number;
}

const values = fc.array(
  fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 100_000 }), fc.nat({ max: 2 ** 41 })),
  { minLength: 1, maxLength: 300 },
);

describe('a percentile of a flat point', () => {
  it('is within 0.7 % of the exact one', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const point = flatPercentiles(sample);
        for (const [name, permille] of Object.entries(PERMILLES)) {
          const exact = exactPercentile(sample, permille);
          expect(Math.abs(point[name]! - exact)).toBeLessThanOrEqual(exact * ERROR_MAX);
        }
      }),
    );
  });

  it('is exact where a slot holds one value', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 100 }), (sample) => {
        const point = flatPercentiles(sample);
        for (const [name, permille] of Object.entries(PERMILLES)) {
          expect(point[name]).toBe(exactPercentile(sample, permille));
        }
      }),
    );
  });

  it('lies neither below the minimum nor above the maximum', () => {
    const above = flatPercentiles([1_000_003]);
    expect([above.p50, above.p999]).toEqual([1_000_003, 1_000_003]);
    const slot = flatPercentiles([1_003_000, 1_003_500]);
    expect(slot.p50).toBeGreaterThanOrEqual(1_003_000);
    expect(slot.p999).toBeLessThanOrEqual(1_003_500);
  });
});
