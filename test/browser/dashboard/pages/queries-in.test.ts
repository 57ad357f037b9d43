import { expect, it } from 'vitest';
import type { Span, TracePart } from '../../../../src/browser/dashboard/api/answers.js';
import { queriesIn } from '../../../../src/browser/dashboard/pages/route/queries-in.js';

const span = (parts: Partial<Span>): Span => ({
  ...{ kind: 'query', label: 'SELECT 1', offset: 0, duration: 0.1, parent: null, depth: 0 },
  ...{ rows: null, isOpen: false, code: null },
  ...parts,
});
const code = { file: 'src/orders.js', line: 41, function: 'load' };

it('has each query once, with the line that one of its calls told, the costliest first', () => {
  const parts = [
    { spans: [span({ rows: 2 }), span({ label: 'SELECT 2', duration: 1 })] },
    { spans: [span({ code, rows: 3 }), span({ kind: 'http' })] },
  ] as unknown as TracePart[];
  expect(queriesIn(parts)).toEqual([
    { label: 'SELECT 2', calls: 1, total: 1, rows: null, place: null },
    { label: 'SELECT 1', calls: 2, total: 0.2, rows: 5, place: 'src/orders.js:41' },
  ]);
});
