import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKOFF_MAX_MS, backoffDelayMs } from '../../src/transport/backoff.js';
import { Pace } from '../../src/transport/pace.js';
import { parseRetryAfter, RETRY_AFTER_MAX_MS } from '../../src/transport/retry-after.js';
import { seeded } from '../support/seeded.js';
import { VirtualClock } from './virtual-clock.js';

describe('the backoff', () => {
  it('is never negative, below the floor, or more than the cap above it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.nat({ max: RETRY_AFTER_MAX_MS }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, floorMs, drawn) => {
          const delayMs = backoffDelayMs(failures, floorMs, () => drawn);
          expect(delayMs).toBeGreaterThanOrEqual(floorMs);
          expect(delayMs).toBeLessThanOrEqual(floorMs + Math.max(BACKOFF_MAX_MS, floorMs / 2));
        },
      ),
    );
  });

  it('grows with each failure up to the cap', () => {
    const longest = [1, 2, 3, 4, 5, 6, 60].map((failures) => backoffDelayMs(failures, 0, () => 1));
    expect(longest).toEqual([1000, 2000, 4000, 8000, 9000, 9000, 9000]);
  });

  it('is spread over the whole range even at the cap', () => {
    const drawn = seeded(1);
    const delays = Array.from({ length: 4000 }, () => backoffDelayMs(50, 0, drawn));
    for (let from = 0; from < BACKOFF_MAX_MS; from += 1000) {
      const inside = delays.filter((ms) => ms >= from && ms < from + 1000).length;
      expect(inside).toBeGreaterThan(300);
    }
  });

  it.each([
    ['no answer', 0],
    ['the same Retry-After for all', 30_000],
  ])('keeps 200 agents apart after an outage: %s', async (_name, floorMs) => {
    const clock = new VirtualClock(0);
    const random = seeded(7);
    const attempts: number[] = [];
    for (let agent = 0; agent < 200; agent++) {
      const pace = new Pace(clock, random);
      const attempt = (): void => {
        attempts.push(clock.nowMs());
        pace.fail('down', floorMs, attempt);
      };
      // All see the collector go at the same moment: the worst case.
      attempt();
    }
    await clock.advance(600_000);
    // Steady state, in seconds; the first minutes are the time to spread out.
    const perSecond = new Array<number>(600).fill(0);
    for (const atMs of attempts) {
      const second = Math.floor(atMs / 1000);
      if (second < 600) perSecond[second] = perSecond[second]! + 1;
    }
    const steady = perSecond.slice(300);
    const mean = steady.reduce((sum, n) => sum + n, 0) / steady.length;
    expect(Math.max(...steady) / mean).toBeLessThan(3);
    // And right after the outage began, once jitter applies.
    const begin = perSecond.slice(floorMs / 1000 + 1, floorMs / 1000 + 11);
    expect(Math.max(...begin) / (begin.reduce((sum, n) => sum + n, 0) / 10)).toBeLessThan(3);
  });
});

describe('the pace', () => {
  it('waits after a failure, then lets one through, and forgets failures on success', async () => {
    const clock = new VirtualClock(0);
    const pace = new Pace(clock, () => 0.5);
    let retries = 0;
    pace.fail('down', 0, () => retries++);
    expect(pace.waitsUntilMs).toBe(500);
    await clock.advance(499);
    expect(retries).toBe(0);
    await clock.advance(1);
    expect(retries).toBe(1);
    expect(pace.waitsUntilMs).toBeUndefined();
    expect(pace.failures).toBe(1);
    pace.succeed('');
    expect(pace).toMatchObject({ failures: 0, lastError: 'down', lastSuccessMs: clock.nowMs() });
  });

  it('does not call back when the wait is skipped', async () => {
    const clock = new VirtualClock(0);
    const pace = new Pace(clock, () => 0.5);
    pace.fail('down', 0, () => expect.unreachable());
    pace.skip();
    await clock.advance(60_000);
    expect(clock.tasks).toBe(0);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.parse('2026-11-23T10:00:00Z');

  it.each([
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['99999999', RETRY_AFTER_MAX_MS],
    ['Mon, 23 Nov 2026 10:01:30 GMT', 90_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['Thu, 01 Jan 2099 00:00:00 GMT', RETRY_AFTER_MAX_MS],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    ['NaN', undefined],
    ['Monday', undefined],
    ['1e400', undefined],
  ])('"%s" means %s ms', (header, expected) => {
    expect(parseRetryAfter(header, nowMs)).toBe(expected);
  });
});
