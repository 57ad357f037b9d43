/**
 * Readers of ASCII kernel text in place: no strings, no arrays. A cursor is owned and reused by the
 * file it belongs to; nothing here reads past `end`, because the bytes behind it are of an older,
 * longer reading.
 */

export interface Cursor {
  readonly bytes: Buffer;
  at: number;
  end: number;
}

const NEWLINE = 10;
const SPACE = 32;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/**
 * The whole number at the cursor after any blanks; NaN when there is none. Exact to 2^53, above that
 * the nearest double, which is enough to recognise the kernel's "no limit" (2^63 less a page).
 */
export function readNumber(cursor: Cursor): number {
  skipBlanks(cursor);
  const { bytes, end } = cursor;
  let { at } = cursor;
  let value = 0;
  const start = at;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte < ZERO || byte > NINE) break;
    value = value * 10 + (byte - ZERO);
  }
  cursor.at = at;
  return at === start ? Number.NaN : value;
}

/** A number with two decimals, as in /proc/loadavg, in hundredths. */
export function readHundredths(cursor: Cursor): number {
  const whole = readNumber(cursor);
  if (cursor.at >= cursor.end || cursor.bytes[cursor.at] !== DOT) return Number.NaN;
  cursor.at++;
  return whole * 100 + readNumber(cursor);
}

/** Passes over `count` blank-separated fields of the line; stops at the end of the line. */
export function skipFields(cursor: Cursor, count: number): void {
  for (let i = 0; i < count; i++) {
    skipBlanks(cursor);
    skipWord(cursor);
  }
}

/** The next field of the line as a string; empty at the end of the line. */
export function readWord(cursor: Cursor): string {
  skipBlanks(cursor);
  const start = cursor.at;
  skipWord(cursor);
  return cursor.bytes.toString('latin1', start, cursor.at);
}

/** Moves behind the line's newline. False when no whole line follows. */
export function nextLine(cursor: Cursor): boolean {
  const newline = cursor.bytes.indexOf(NEWLINE, cursor.at);
  if (newline === -1 || newline >= cursor.end) {
    cursor.at = cursor.end;
    return false;
  }
  cursor.at = newline + 1;
  return hasWholeLine(cursor);
}

/** Whether a newline follows: a line cut by the end of the buffer is not read at all. */
export function hasWholeLine(cursor: Cursor): boolean {
  const newline = cursor.bytes.indexOf(NEWLINE, cursor.at);
  return newline !== -1 && newline < cursor.end;
}

/**
 * The number on the line that begins with `key`, NaN when there is no such line. Give the separator
 * with the key ("MemFree:", "nr_throttled "), so that a longer name does not match.
 */
export function numberAfter(cursor: Cursor, key: Buffer): number {
  const { bytes, end } = cursor;
  let found = bytes.indexOf(key, 0);
  while (found > 0 && bytes[found - 1] !== NEWLINE) found = bytes.indexOf(key, found + 1);
  if (found === -1 || found + key.length > end) return Number.NaN;
  cursor.at = found + key.length;
  return readNumber(cursor);
}

function skipBlanks(cursor: Cursor): void {
  while (cursor.at < cursor.end && cursor.bytes[cursor.at] === SPACE) cursor.at++;
}

function skipWord(cursor: Cursor): void {
  for (; cursor.at < cursor.end; cursor.at++) {
    const byte = cursor.bytes[cursor.at]!;
    if (byte === SPACE || byte === NEWLINE) return;
  }
}
