import { expect, it } from 'vitest';
import type { Answer } from '../../../../src/browser/dashboard/api/answer-state.js';
import { together } from '../../../../src/browser/dashboard/api/together.js';

const one: Answer<number> = { state: 'ok', data: 1 };
const loading: Answer<number> = { state: 'loading', data: undefined };
const missing: Answer<number> = { state: 'missing', data: undefined, message: 'none' };
const failed: Answer<number> = { state: 'failed', data: undefined, message: 'no answer' };
const stale: Answer<number> = { state: 'failed', data: 2, message: 'no answer' };

it('answers are one when all are there, and one that the collector lacks is left out', () => {
  expect(together(one, one)).toEqual({ state: 'ok', data: [1, 1] });
  expect(together(one, missing)).toEqual({ state: 'ok', data: [1, undefined] });
  expect(together(one, loading, failed)).toEqual({ state: 'loading', data: undefined });
});

it('a failure is not taken for nothing, and what was answered before is shown beside it', () => {
  expect(together(one, failed)).toEqual({ state: 'failed', data: undefined, message: 'no answer' });
  expect(together(one, stale)).toEqual({ state: 'failed', data: [1, 2], message: 'no answer' });
});
