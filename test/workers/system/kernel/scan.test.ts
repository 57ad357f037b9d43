import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cursor,
  hasWholeLine,
  nextLine,
  numberAfter,
  readHundredths,
  readNumber,
  readWord,
  skipFields,
} from '../../../../src/workers/system/kernel/scan.js';

/** With bytes of an older, longer reading behind the end, as in the shared buffer. */
function cursorOf(text: string, stale = '9'.repeat(40)): Cursor {
  const bytes = Buffer.from(text + stale, 'latin1');
  return { bytes, at: 0, end: Buffer.byteLength(text, 'latin1') };
}

const word = fc.stringMatching(/^[a-zA-Z0-9:._-]{1,12}$/);

describe('scanning kernel text', () => {
  it('reads the numbers of a line as Number does, and never past the end', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 53 - 1), { minLength: 1 }), fc.nat(4), (numbers, blanks) => {
        const cursor = cursorOf(numbers.join(' '.repeat(1 + blanks)));
        expect(numbers.map(() => readNumber(cursor))).toEqual(numbers);
        expect(readNumber(cursor)).toBeNaN();
        expect(cursor.at).toBe(cursor.end);
      }),
    );
  });

  it('splits lines and fields as String.split does, and leaves out a line without its end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { minLength: 3 }), { minLength: 1 }),
        word,
        (rows, cut) => {
          const cursor = cursorOf(`${rows.map((row) => row.join('  ')).join('\n')}\n${cut}`);
          const thirds: string[] = [];
          if (hasWholeLine(cursor)) {
            do {
              skipFields(cursor, 2);
              thirds.push(readWord(cursor));
            } while (nextLine(cursor));
          }
          expect(thirds).toEqual(rows.map((row) => row[2]));
        },
      ),
    );
  });

  it('stays on its line when fields are asked for that are not there', () => {
    const cursor = cursorOf('a b\n1 2\n');
    skipFields(cursor, 20);
    expect(readWord(cursor)).toBe('');
    expect(nextLine(cursor)).toBe(true);
    expect(readNumber(cursor)).toBe(1);
  });

  it('finds a key at the beginning of a line only, and not in stale bytes', () => {
    const text = 'anon 1\ntotal_inactive_file 5\ninactive_file 7\n';
    expect(numberAfter(cursorOf(text), Buffer.from('inactive_file '))).toBe(7);
    expect(numberAfter(cursorOf(text), Buffer.from('anon '))).toBe(1);
    expect(numberAfter(cursorOf(text), Buffer.from('file '))).toBeNaN();
    const stale = cursorOf(text, 'old 5\n');
    expect(numberAfter(stale, Buffer.from('old '))).toBeNaN();
    expect(stale.at).toBeLessThanOrEqual(stale.end);
    expect(numberAfter(cursorOf(''), Buffer.from('a'))).toBeNaN();
  });

  it('finds every key of any table of names and numbers', () => {
    const table = fc.uniqueArray(fc.tuple(word, fc.nat()), { selector: ([name]) => name });
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows.map(([name, value]) => `${name}| ${value} kB\n`).join('');
        for (const [name, value] of rows) {
          expect(numberAfter(cursorOf(text), Buffer.from(`${name}|`))).toBe(value);
        }
      }),
    );
  });

  it('reads hundredths, and nothing from a number of another form', () => {
    expect(readHundredths(cursorOf('12.07 3'))).toBe(1207);
    expect(readHundredths(cursorOf('12 3'))).toBeNaN();
    expect(readHundredths(cursorOf('x'))).toBeNaN();
  });

  it('comes to an end on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const cursor: Cursor = { bytes: Buffer.from(noise), at: 0, end: noise.length };
        do {
          readWord(cursor);
          readNumber(cursor);
          expect(cursor.at).toBeLessThanOrEqual(cursor.end);
        } while (nextLine(cursor));
      }),
    );
  });
});
