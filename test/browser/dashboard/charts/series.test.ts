import { describe, expect, it } from 'vitest';
import {
  alignedData,
  curveFromMs,
  curveToMs,
  drawnData,
  type Line,
  shifted,
} from '../../../../src/browser/dashboard/charts/series.js';

it('has one list of times for all lines, and nothing where a line has none', () => {
  const data = alignedData([
    {
      label: 'p50',
      points: [
        [2000, 1],
        [1000, 2],
      ],
    },
    {
      label: 'p95',
      points: [
        [1000, null],
        [3000, 9],
      ],
    },
  ]);
  expect(data).toEqual([
    [1, 2, 3],
    [2, 1, null],
    [null, null, 9],
  ]);
});

it('of a week earlier lies beside this week’s', () => {
  const line = { label: 'p95', points: [[1000, 5]] as const };
  expect(shifted(line, 500)).toEqual({ label: 'p95', points: [[1500, 5]], isBefore: true });
});

describe('a line of a week earlier', () => {
  const now = { label: 'p95', points: [0, 1, 2, 3, 4, 5, 6].map((at) => [at * 1000, 1] as const) };
  const weekBefore = (...times: readonly number[]): Line => ({
    label: 'before',
    points: times.map((at) => [at * 1000, 5] as const),
    isBefore: true,
  });

  it('goes through where it has wider steps than this week’s', () => {
    const [, , drawn] = drawnData([now, weekBefore(0, 2, 4)]);
    expect(drawn).toEqual([5, undefined, 5, undefined, 5, null, null]);
  });

  it('has a gap where a step of its own is missing, as every line has', () => {
    const [, , drawn] = drawnData([now, weekBefore(0, 2, 6)]);
    expect(drawn).toEqual([5, undefined, 5, null, null, null, 5]);
    const [, , own] = drawnData([now, { ...weekBefore(0, 2, 4), isBefore: false }]);
    expect(own).toEqual([5, null, 5, null, 5, null, null]);
  });
});

describe('a curve', () => {
  const hour = { fromMs: 0, toMs: 3_600_000, stepMs: 30_000, recordedFromMs: 0 };

  it('begins with the range where all of it was recorded, and where it has no steps or no data', () => {
    expect(curveFromMs(hour)).toBe(0);
    expect(curveFromMs({ ...hour, recordedFromMs: null })).toBe(0);
    expect(curveFromMs({ ...hour, stepMs: null, recordedFromMs: 3_000_000 })).toBe(0);
  });

  it('begins with the first step of what is younger, and has ten of them at least', () => {
    expect(curveFromMs({ ...hour, recordedFromMs: 1_815_000 })).toBe(1_800_000);
    expect(curveFromMs({ ...hour, recordedFromMs: 3_590_000 })).toBe(3_300_000);
    expect(curveFromMs({ ...hour, toMs: 60_000, recordedFromMs: 50_000 })).toBe(0);
  });

  it('ends with now, not with the step that is under way', () => {
    const days = { toMs: 86_400_000, recordedToMs: 43_200_000 };
    expect(curveToMs(days, 43_201_000)).toBe(43_210_000);
    expect(curveToMs(days, 86_399_999)).toBe(86_400_000);
  });

  it('ends with a range that is over, and with what was recorded where that is later than now', () => {
    expect(curveToMs({ toMs: 3_600_000, recordedToMs: 3_600_000 }, 9e12)).toBe(3_600_000);
    expect(curveToMs({ toMs: 3_600_000, recordedToMs: 3_590_000 }, 0)).toBe(3_590_000);
    expect(curveToMs({ toMs: 3_600_000, recordedToMs: null }, 0)).toBe(3_600_000);
  });
});
