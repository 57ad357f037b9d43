/**
 * A number by which statements that differ in their values only are the same: an application that
 * writes values into its SQL must not define a series for each. Not for display: what a statement is
 * called is decided in the agent's worker. Runs when a text is met that is not known. Hot path: one
 * pass, nothing is allocated.
 */

const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const BACKSLASH = 92;
const [OPEN, CLOSE, STAR, COMMA, DASH, SLASH, HASH, DOLLAR, QUESTION] = [
  40, 41, 42, 44, 45, 47, 35, 36, 63,
];
const SPACE = 32;

/**
 * 53 bits of the first `lengthMax` characters of `sql`. Into `literals` goes a hash of what it passed over,
 * so that two texts of one statement are told apart by their values, and how many values are written in it.
 */
export function statementHash(
  sql: string,
  isMysql: boolean,
  lengthMax: number,
  literals: Int32Array,
): number {
  const length = Math.min(sql.length, lengthMax);
  let [high, low] = [0x811c9dc5, 0x9e3779b9];
  // As they were after the last value: a list of values is one.
  let [valueHigh, valueLow, isInList] = [0, 0, false];
  let before = SPACE;
  let at = 0;
  let [passed, count] = [0, 0];
  while (at < length) {
    const char = sql.charCodeAt(at);
    const end = endOfValue(sql, at, length, before, isMysql);
    if (end > at) {
      for (let i = at; i < end; i++) passed = Math.imul(passed ^ sql.charCodeAt(i), 0x01000193);
      passed ^= end - at;
      if (!isParameter(sql, end, char)) count += 1;
      if (isInList) [high, low] = [valueHigh, valueLow];
      else {
        high = Math.imul(high ^ QUESTION, 0x01000193);
        low = Math.imul(low ^ QUESTION, 0x85ebca6b) ^ (low >>> 13);
      }
      [valueHigh, valueLow, isInList] = [high, low, true];
      before = QUESTION;
      at = end;
      continue;
    }
    const next = endOfBlank(sql, at, length, isMysql);
    if (next > at) {
      before = SPACE;
      at = next;
      continue;
    }
    // Where a word ends counts, not how many blanks there are.
    const mark = before === SPACE && isWordChar(char) ? char + 256 : char;
    high = Math.imul(high ^ mark, 0x01000193);
    low = Math.imul(low ^ mark, 0x85ebca6b) ^ (low >>> 13);
    if (char !== COMMA && char !== OPEN && char !== CLOSE) isInList = false;
    before = char;
    at += 1;
  }
  literals[0] = passed;
  literals[1] = count;
  return (high >>> 0) * 0x200000 + (low >>> 11);
}

/** `at` when no literal or parameter begins there. */
function endOfValue(
  sql: string,
  at: number,
  length: number,
  before: number,
  isMysql: boolean,
): number {
  const char = sql.charCodeAt(at);
  if (char === QUOTE || (isMysql && char === DOUBLE_QUOTE)) {
    return endOfString(sql, at, length, char, isMysql || before === 69 || before === 101);
  }
  if (char === QUESTION) return at + 1;
  if (isWordChar(before)) return at;
  if (isDigit(char)) return endOfWord(sql, at, length);
  if (char !== DOLLAR || isMysql) return at;
  const tagEnd = endOfWord(sql, at + 1, length);
  if (sql.charCodeAt(tagEnd) !== DOLLAR) return tagEnd;
  const closing = sql.indexOf(sql.slice(at, tagEnd + 1), tagEnd + 1);
  return closing < 0 ? length : Math.min(length, closing + tagEnd + 1 - at);
}

/** `?`, `$1`, `$name`: its value stands elsewhere; a text in dollars ends with one. */
function isParameter(sql: string, end: number, char: number): boolean {
  return char === QUESTION || (char === DOLLAR && sql.charCodeAt(end - 1) !== DOLLAR);
}

function endOfString(
  sql: string,
  start: number,
  length: number,
  quote: number,
  isEscaped: boolean,
): number {
  for (let at = start + 1; at < length; at++) {
    const char = sql.charCodeAt(at);
    if (isEscaped && char === BACKSLASH) at += 1;
    else if (char === quote) {
      if (sql.charCodeAt(at + 1) !== quote) return at + 1;
      at += 1;
    }
  }
  return length;
}

function endOfWord(sql: string, start: number, length: number): number {
  let at = start;
  while (at < length && (isWordChar(sql.charCodeAt(at)) || sql.charCodeAt(at) === 46)) at += 1;
  return at;
}

/** Past a blank or a comment; `at` when there is none. */
function endOfBlank(sql: string, at: number, length: number, isMysql: boolean): number {
  const char = sql.charCodeAt(at);
  if (char <= SPACE) return at + 1;
  const next = sql.charCodeAt(at + 1);
  if (char === SLASH && next === STAR) {
    const end = sql.indexOf('*/', at + 2);
    return end < 0 ? length : Math.min(length, end + 2);
  }
  if ((char === DASH && next === DASH) || (isMysql && char === HASH)) {
    const end = sql.indexOf('\n', at);
    return end < 0 ? length : Math.min(length, end + 1);
  }
  return at;
}

const isDigit = (char: number): boolean => char >= 48 && char <= 57;

const isWordChar = (char: number): boolean =>
  (char >= 97 && char <= 122) ||
  (char >= 65 && char <= 90) ||
  isDigit(char) ||
  char === 95 ||
  char > 127;
