import { expect, it } from 'vitest';
import { alignedData, shifted } from '../../../../src/browser/dashboard/charts/series.js';

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
