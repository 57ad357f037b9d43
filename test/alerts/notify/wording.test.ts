import { expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../../src/alerts/default-rules.js';
import { whyOf, wordingOf } from '../../../src/alerts/notify/wording.js';
import { makeNotification, makeTold } from './make-notification.js';

const windowMsOf = (metric: string): number =>
  DEFAULT_RULES.find((rule) => rule.metric === metric)!.windowMs;

it('says over which window a value is, and of how many values', () => {
  expect(whyOf(makeTold({ count: 2 }))[0]).toBe('2.35 s of 2 values in 1 min, limit 2 s.');
  expect(whyOf(makeTold({ count: 1 }))[0]).toBe('2.35 s of 1 value in 1 min, limit 2 s.');
});

it.each([
  ['silent_service', 's', 720, 300, '12 min, limit 5 min.'],
  ['collector_disk', '%', 96, 95, '96 %, limit 95 %.'],
  ['memory_forecast', '%', 123, 100, '123 %, limit 100 %.'],
] as const)('gives no window to what has none: %s', (metric, unit, value, threshold, said) => {
  const windowMs = windowMsOf(metric);
  const told = makeTold({ metric, unit, value, threshold, windowMs, worst: value, count: null });
  expect(whyOf(told)[0]).toBe(said);
});

it('a digest of one alert is of one', () => {
  const { title } = wordingOf(makeNotification({ kind: 'digest' }));
  expect(title).toBe('1 alert in a minute, CRITICAL at worst');
});
