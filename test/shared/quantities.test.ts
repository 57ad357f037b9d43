import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatDuration,
  parseBytes,
  parseDurationMs,
} from '../../src/shared/quantities.js';

const whole = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(1000).map((n) => n * 1000),
  fc.nat(4096).map((n) => n * 1024 * 1024),
  fc.nat(400).map((n) => n * 86_400_000),
);

describe('a duration', () => {
  it('survives being written and read back, whatever it is', () => {
    fc.assert(fc.property(whole, (ms) => parseDurationMs(formatDuration(ms)) === ms));
  });

  it.each([
    ['10s', 10_000],
    ['500ms', 500],
    ['1.5m', 90_000],
    ['5min', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['250', 250],
    [' 3 S ', 3000],
    ['0', 0],
  ])('is read from %j', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each([
    '',
    's',
    '-5s',
    '10 parsecs',
    '1,5s',
    '1e3',
    '.5s',
    '5s5s',
    'NaN',
    'Infinity',
    '5constructor',
    '5__proto__',
    `${'9'.repeat(30)}d`,
  ])('is not read from %j', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  it('is written in the largest unit that leaves a whole number', () => {
    expect(
      [0, 999, 1500, 10_000, 90_000, 120_000, 3_600_000, 86_400_000].map(formatDuration),
    ).toEqual(['0ms', '999ms', '1500ms', '10s', '90s', '2m', '1h', '1d']);
  });
});

describe('a size', () => {
  it('survives being written and read back, whatever it is', () => {
    fc.assert(fc.property(whole, (bytes) => parseBytes(formatBytes(bytes)) === bytes));
  });

  it.each([
    ['64MiB', 64 * 1024 * 1024],
    ['1MB', 1_000_000],
    ['512k', 512 * 1024],
    ['1.5GiB', 1.5 * 1024 ** 3],
    ['0', 0],
    ['17B', 17],
  ])('is read from %j', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', 'MiB', '-1', '5s', '1 2', '5constructor'])('is not read from %j', (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });

  it('is written in the largest binary unit that leaves a whole number', () => {
    expect([0, 1500, 8192, 1_048_576, 3 * 1024 ** 3].map(formatBytes)).toEqual([
      '0B',
      '1500B',
      '8KiB',
      '1MiB',
      '3GiB',
    ]);
  });
});

it('any text at all gives a whole number that is not negative, or nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const value of [parseDurationMs(text), parseBytes(text)]) {
        expect(value === undefined || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
      }
    }),
  );
});
