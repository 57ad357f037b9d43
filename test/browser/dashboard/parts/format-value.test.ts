import { describe, expect, it } from 'vitest';
import {
  formatBudget,
  formatBytes,
  formatCount,
  formatDifference,
  formatPercent,
  formatPercentile,
  formatRate,
  formatRatio,
  formatSeconds,
  formatUnit,
  plural,
} from '../../../../src/browser/dashboard/parts/format-value.js';

describe('a number that is not known', () => {
  it.each([null, undefined, Number.NaN, Number.POSITIVE_INFINITY])('is a dash: %s', (value) => {
    for (const format of [formatSeconds, formatBytes, formatPercent, formatCount, formatRate]) {
      expect(format(value)).toBe('—');
    }
    expect(formatBudget(value, 'ms')).toBe('—');
    expect(formatUnit(value, 'By')).toBe('—');
    expect(formatRatio(value)).toBe('—');
  });
});

describe('a time', () => {
  it.each([
    [0, '0 ms'],
    [0.000_04, '40 µs'],
    [0.0123, '12.3 ms'],
    [0.999, '999 ms'],
    [0.009996, '10.0 ms'],
    [0.0999961, '100 ms'],
    [0.9996, '1.00 s'],
    [1.5, '1.50 s'],
    [119, '119 s'],
    [120, '2.00 min'],
    [7200, '2.00 h'],
    [172_800, '2.00 d'],
  ])('of %d s is %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it('that is a difference says whether it is more or less', () => {
    expect([12.3, -0.03, 1e-13, null].map(formatDifference)).toEqual([
      '+12.3 s',
      '−30.0 ms',
      '0 ms',
      '—',
    ]);
  });

  it('that is a percentile is one of at least 20 samples', () => {
    expect(formatPercentile(0.2, 19)).toBe('—');
    expect(formatPercentile(0.2, 20)).toBe('200 ms');
  });
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [12_582_912, '12.0 MiB'],
  [2 ** 60, '1024 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0, '0 %'],
  [0.000_01, '< 0.01 %'],
  [0.0042, '0.42 %'],
  [0.05, '5.0 %'],
  [1, '100 %'],
])('a ratio of %d is %s', (ratio, text) => {
  expect(formatPercent(ratio)).toBe(text);
});

it.each([
  [3, '3'],
  [0.25, '0.25'],
  [2.44, '2.4'],
  [9999, '9999'],
  [12_345, '12.3k'],
  [2_500_000, '2.50M'],
  [3e9, '3.00G'],
])('a count of %d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

it.each([
  [0.9, '−10 %'],
  [1, '+0.0 %'],
  [1.125, '+13 %'],
  [3.1, '× 3.10'],
])('a change to %d times is %s', (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text);
});

it('has a unit of a metric or of a budget beside it', () => {
  expect(formatUnit(0.5, 's')).toBe('500 ms');
  expect(formatUnit(1024, 'By')).toBe('1.00 KiB');
  expect(formatUnit(0.5, '1')).toBe('50 %');
  expect(formatUnit(70, '%')).toBe('70.0 %');
  expect(formatUnit(14.4, 'x')).toBe('14.4×');
  expect(formatBudget(400, 'ms')).toBe('400 ms');
  expect(formatBudget(20, 'number')).toBe('20');
});

it('says one of one, and of all others many', () => {
  expect(plural(1, 'call')).toBe('1 call');
  expect(plural(0, 'call')).toBe('0 calls');
  expect(plural(2, 'query', 'queries')).toBe('2 queries');
  expect(plural(1.5, 'call')).toBe('1.5 calls');
});
