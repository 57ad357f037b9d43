import { expect, it } from 'vitest';
import type { TraceRow } from '../../../../src/browser/dashboard/api/answers.js';
import {
  compareTraces,
  isIn,
} from '../../../../src/browser/dashboard/pages/route/compare-traces.js';

const trace = (parts: Partial<TraceRow>): TraceRow => ({
  ...{ timeMs: 1000, traceId: 'a', spanId: 'b', parentId: null, service: 'shop', agent: 'web' },
  ...{ reason: 'slow', attributes: {}, statusCode: 200, duration: 1, queries: 2, queryTime: 0.1 },
  ...{ middlewareTime: 0, clientCalls: 0, cacheHits: 0, cacheMisses: 0, stallTime: 0 },
  ...parts,
});
const three = (parts: Partial<TraceRow>): TraceRow[] => [1, 2, 3].map(() => trace(parts));

it('finds what is more frequent, and what is more, in the selection', () => {
  const found = compareTraces(
    three({ agent: 'web-2', queries: 40, queryTime: 0.9 }),
    three({ agent: 'web-1' }),
  );
  expect(found).toContainEqual({ name: 'process web-2', inside: 1, outside: 0, isShare: true });
  expect(found).toContainEqual({ name: 'queries', inside: 40, outside: 2, isShare: false });
  expect(found.find(({ name }) => name === 'share of time in queries')?.inside).toBeCloseTo(0.9);
});

it('says nothing of fewer than three traces on a side, nor of what does not differ', () => {
  expect(compareTraces(three({ queries: 40 }), three({}).slice(1))).toEqual([]);
  expect(compareTraces(three({}), three({}))).toEqual([]);
});

it('has what ended from the beginning of a selection on, and before its end', () => {
  const selection = { fromMs: 2000, toMs: 3000, minSeconds: 1, maxSeconds: 2 };
  expect(isIn(selection, trace({ timeMs: 1000 }))).toBe(true);
  expect(isIn(selection, trace({ timeMs: 999 }))).toBe(false);
  expect(isIn(selection, trace({ timeMs: 2000 }))).toBe(false);
  expect(isIn(selection, trace({ timeMs: 500, duration: 2.1 }))).toBe(false);
});
