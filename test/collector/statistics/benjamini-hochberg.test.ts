import { expect, it } from 'vitest';
import { believed } from '../../../src/collector/statistics/benjamini-hochberg.js';

it('believes what Benjamini and Hochberg believe in their own example', () => {
  // Table 1 of the paper: 15 hypotheses, of which the first four are rejected at 5 %.
  const ps = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
    0.6528, 0.759, 1,
  ];
  expect(believed(ps).filter(Boolean)).toHaveLength(4);
});

it('answers in the order that was asked, and believes nothing of nothing', () => {
  expect(believed([0.9, 0.001, 0.5])).toEqual([false, true, false]);
  expect(believed([])).toEqual([]);
});

it('believes one in twenty of a single row and not of a hundred', () => {
  expect(believed([0.04])).toEqual([true]);
  expect(believed([0.04, ...new Array(99).fill(0.6)])[0]).toBe(false);
});
