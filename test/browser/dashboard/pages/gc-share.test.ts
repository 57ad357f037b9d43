import { expect, it } from 'vitest';
import { gcShare } from '../../../../src/browser/dashboard/pages/infrastructure/gc-share.js';

const HOUR = { fromMs: 0, toMs: 3_600_000 };

it('the share of collecting is of the time that a process lived in the range', () => {
  const stats = { sum: 60 };
  expect(gcShare(stats, { firstSeenMs: -1, lastSeenMs: 9e9 }, HOUR)).toBeCloseTo(60 / 3600);
  const young = { firstSeenMs: 3_000_000, lastSeenMs: 3_600_000 };
  expect(gcShare(stats, young, HOUR)).toBeCloseTo(0.1);
  const gone = { firstSeenMs: -600_000, lastSeenMs: 600_000 };
  expect(gcShare(stats, gone, HOUR)).toBeCloseTo(0.1);
});

it('is not known of a process that collected nothing, or did not live then', () => {
  expect(gcShare(undefined, { firstSeenMs: 0, lastSeenMs: 9e9 }, HOUR)).toBeNull();
  expect(gcShare({ sum: 1 }, { firstSeenMs: -9, lastSeenMs: 0 }, HOUR)).toBeNull();
});
