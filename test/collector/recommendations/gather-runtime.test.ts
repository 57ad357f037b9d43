import { expect, it } from 'vitest';
import { livedMs } from '../../../src/collector/recommendations/evidence/gather-runtime.js';

const HOUR_MS = 3_600_000;
const DAY = { fromMs: 0, toMs: 24 * HOUR_MS };
const process = (from: number, to: number, resource = {}) => ({
  resource,
  firstSeenMs: from * HOUR_MS,
  lastSeenMs: to * HOUR_MS,
});

it('processes that came after each other lived no longer than one, those beside each other longer', () => {
  const successors = Array.from({ length: 8 }, (_, i) => process(i * 3, i * 3 + 3));
  expect(livedMs(successors, DAY)).toBe(24 * HOUR_MS);
  expect(livedMs([process(0, 24), process(0, 24)], DAY)).toBe(48 * HOUR_MS);
});

it('of a life what is in the range counts, and pages have none', () => {
  const lives = [process(-5, 2), process(20, 30), process(-9, -4), process(30, 40)];
  expect(livedMs(lives, DAY)).toBe(6 * HOUR_MS);
  expect(livedMs([process(0, 24, { 'tachograph.source': 'beacon' })], DAY)).toBe(0);
});
