import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareValues,
  sortOrder,
  type Value,
} from '../../../../src/browser/dashboard/parts/sort-order.js';

const COLUMNS = [{ key: 'total' }, { key: 'p95' }];
const sorted = (values: readonly Value[], isDescending: boolean): Value[] =>
  [...values].sort((a, b) => compareValues(a, b, isDescending));

describe('the column that a text names', () => {
  it('is sorted upwards, and with a minus downwards', () => {
    expect(sortOrder('p95', COLUMNS)).toEqual({ column: COLUMNS[1], isDescending: false });
    expect(sortOrder('-total', COLUMNS)).toEqual({ column: COLUMNS[0], isDescending: true });
  });

  it('is none where there is no such column', () => {
    expect(sortOrder('-__proto__', COLUMNS).column).toBeUndefined();
  });
});

describe('rows', () => {
  it('are sorted by numbers as numbers and by texts as texts', () => {
    expect(sorted([10, 9, 100], false)).toEqual([9, 10, 100]);
    expect(sorted(['b', 'a', 'c'], true)).toEqual(['c', 'b', 'a']);
  });

  it('without a value come last, either way', () => {
    expect(sorted([null, 2, Number.NaN, 1], false)).toEqual([1, 2, null, Number.NaN]);
    expect(sorted([null, 2, 1], true)).toEqual([2, 1, null]);
  });

  it('of numbers are in one order, whatever order they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer())), fc.boolean(), (values, isDescending) => {
        const once = sorted(values, isDescending);
        expect(sorted([...values].reverse(), isDescending)).toEqual(once);
      }),
    );
  });
});
