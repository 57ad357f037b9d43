/** What a query is called with: the same for the same values, another for others, and never a fault. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOfValues } from '../../../src/agent/databases/values-hash.js';
import { isKnown, NO_QUERY, valueCount } from '../../../src/shared/query-values.js';

const word = (...values: unknown[]): number => hashOfValues(0, values);

describe('the word of a query', () => {
  it('is the same for the same values, and another for others', () => {
    const values = [
      0,
      1,
      17,
      -1,
      1.5,
      2 ** 40,
      2 ** 40 + 1,
      '',
      'a',
      'b',
      'ab',
      true,
      false,
      null,
      7n,
      2n ** 60n + 1n,
    ];
    const words = values.map((value) => word(value));
    expect(values.map((value) => word(value))).toEqual(words);
    expect(new Set(words).size).toBe(values.length);
    expect(words.every(isKnown)).toBe(true);
  });

  it('tells thousands of keys apart', () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => word(i));
    const texts = Array.from({ length: 5000 }, (_, i) => word(`order-${i}`));
    expect(new Set([...numbers, ...texts]).size).toBeGreaterThan(9990);
  });

  it('knows dates and bytes by what is in them', () => {
    expect(word(new Date(5))).toBe(word(new Date(5)));
    expect(word(new Date(5))).not.toBe(word(new Date(6)));
    expect(word(Buffer.from('ab'))).not.toBe(word(Buffer.from('ac')));
  });

  it('counts values that are written in the text, where none come beside it', () => {
    expect(valueCount(hashOfValues(7, undefined, 3))).toBe(3);
    expect(valueCount(hashOfValues(7, undefined, 30))).toBe(15);
    // `status IN ('open', 'paid') AND order_id = $1`: those of the text are constants.
    expect(hashOfValues(7, [1], 3)).toBe(hashOfValues(7, [1]));
    expect(valueCount(hashOfValues(7, { a: 1, b: 2 }, 3))).toBe(2);
    expect(isKnown(hashOfValues(undefined, [1], 3))).toBe(false);
  });

  it('counts values, those of lists and names included, up to fifteen', () => {
    expect(valueCount(word())).toBe(0);
    expect(valueCount(word(1, 2, 3))).toBe(3);
    expect(valueCount(word([1, 2, 3], 4))).toBe(4);
    expect(valueCount(hashOfValues(0, { a: 1, b: 2 }))).toBe(2);
    expect(valueCount(word(Array(500).fill(1)))).toBe(15);
  });

  it('with what has no values of its own is unknown', () => {
    expect(isKnown(word({ a: 1 }))).toBe(false);
    expect(isKnown(word(1, () => 1))).toBe(false);
    expect(isKnown(hashOfValues(0, undefined))).toBe(true);
  });

  it('tells apart what differs at the very end only', () => {
    const page = (offset: number): number => word(1, 2, 3, 4, 5, 6, 7, 8, 20, offset);
    expect(page(0)).not.toBe(page(20));
    const url = `https://shop.example/${'a'.repeat(80)}`;
    expect(word(`${url}/1`)).not.toBe(word(`${url}/2`));
    expect(word(Buffer.from(`${url}/1`))).not.toBe(word(Buffer.from(`${url}/2`)));
    const ids = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(word([...ids, 9])).not.toBe(word([...ids, 10]));
    const named = (last: number): number =>
      hashOfValues(0, { ...Object.fromEntries(ids.map((id) => [`n${id}`, id])), last });
    expect(named(1)).not.toBe(named(2));
    expect([page(0), word(url), word([...ids, 9]), named(1)].every(isKnown)).toBe(true);
  });

  it('is unknown where something had to be left out, and still counts', () => {
    const long = 'a'.repeat(2000);
    const unknown = [
      word(long),
      hashOfValues(0, long),
      hashOfValues(0, Buffer.alloc(2000)),
      hashOfValues(0, { a: long }),
      word('a'.repeat(300), 'b'.repeat(300)),
      word(Array(500).fill(1)),
      word(...Array(500).fill(1)),
      word(2n ** 70n),
      hashOfValues(undefined, [1]),
      hashOfValues(undefined, undefined),
    ];
    expect(unknown.filter(isKnown)).toEqual([]);
    expect(unknown.map(valueCount)).toEqual([1, 1, 1, 1, 2, 15, 15, 1, 1, 1]);
    expect(valueCount(word(long, 2, 3))).toBe(3);
  });

  it('depends on the values in the text', () => {
    expect(hashOfValues(1, undefined)).not.toBe(hashOfValues(2, undefined));
  });

  it('never throws, and is always that of a query', () => {
    const hostile = {
      get a(): never {
        throw new Error('not yours');
      },
    };
    expect(isKnown(hashOfValues(0, hostile))).toBe(false);
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }),
        (values) => {
          const found = hashOfValues(3, values);
          return Number.isInteger(found) && found !== NO_QUERY && found === hashOfValues(3, values);
        },
      ),
    );
  });
});
