import { describe, expect, it } from 'vitest';
import { parseDuration, parseTime } from '../../../src/collector/http/parse-time.js';

const NOW = 1_800_000_000_000;

describe('a time', () => {
  it.each([
    ['now', NOW],
    ['-15m', NOW - 900_000],
    ['-1h30m', NOW - 5_400_000],
    ['-7d', NOW - 604_800_000],
    ['-120000w', 0],
    ['-9007199254740991ms', 0],
    ['1700000000000', 1_700_000_000_000],
    ['2026-11-23', Date.UTC(2026, 10, 23)],
    ['2026-11-23T12:30:00Z', Date.UTC(2026, 10, 23, 12, 30)],
    ['2026-11-23T12:30:00+01:00', Date.UTC(2026, 10, 23, 11, 30)],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text, 'from', NOW)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '15m',
    '-15',
    '-m',
    '-1y',
    '1e3',
    '2026-13-01',
    '-1h 30m',
    `-${'1h'.repeat(50)}`,
  ])('refuses %j', (text) => {
    expect(() => parseTime(text, 'from', NOW)).toThrow('from: expected a time');
  });
});

describe('a duration', () => {
  it.each([
    ['10s', 10_000],
    ['1m', 60_000],
    ['1h30m', 5_400_000],
    ['500', 500],
  ])('reads %s', (text, expected) => {
    expect(parseDuration(text, 'step')).toBe(expected);
  });

  it.each(['0', '0s', '-1m', 'abc', '1.5s'])('refuses %j', (text) => {
    expect(() => parseDuration(text, 'step')).toThrow('step: expected a duration');
  });
});
