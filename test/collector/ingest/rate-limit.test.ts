import { describe, expect, it } from 'vitest';
import { AGENT_LIMITS, createRateLimit } from '../../../src/collector/ingest/rate-limit.js';

describe('the rate limit', () => {
  it('lets an agent send 200 at once and 50 a second, and says how long to wait', () => {
    let nowMs = 0;
    const limit = createRateLimit(() => nowMs);
    const passed = (tries: number): number =>
      Array.from({ length: tries }, () => limit('a')).filter((waitSeconds) => waitSeconds === 0)
        .length;
    expect(passed(300)).toBe(200);
    expect(limit('a')).toBe(1);
    nowMs += 1000;
    expect(passed(300)).toBe(50);
    nowMs += 3_600_000;
    expect(passed(300)).toBe(200);
  });

  it('lets a day’s backlog through in three minutes, and ordinary agents always', () => {
    let nowMs = 0;
    const limit = createRateLimit(() => nowMs);
    let left = 8640;
    while (left > 0) {
      while (left > 0 && limit('backlog') === 0) left -= 1;
      expect(limit('ordinary')).toBe(0);
      nowMs += 1000;
    }
    expect(nowMs).toBeLessThanOrEqual(180_000);
  });

  it('does not take what one agent sends off another', () => {
    const limit = createRateLimit(() => 0);
    while (limit('loud') === 0);
    expect(limit('calm')).toBe(0);
  });

  it('remembers a bounded number of agents, and forgets the longest silent first', () => {
    const limit = createRateLimit(() => 0);
    while (limit('loud') === 0);
    while (limit('old') === 0);
    for (let i = 0; i < AGENT_LIMITS.sendersMax - 2; i++) limit(`agent-${i}`);
    expect(limit('loud')).toBe(1);
    limit('one more');
    expect(limit('loud')).toBe(1);
    // Its place was taken: it begins anew, and takes the next one's.
    expect(limit('old')).toBe(0);
  });

  it('is not fooled by a clock that stands still', () => {
    const limit = createRateLimit(() => 5);
    for (let i = 0; i < 200; i++) expect(limit('a')).toBe(0);
    for (let i = 0; i < 1000; i++) expect(limit('a')).toBe(1);
  });
});
