/**
 * A number for what a query is called with: two calls with the same values have the same. Numbers, texts,
 * truth values, dates and bytes are known; a query with anything else has an unknown one, and so has one with more
 * than ROOM holds, for what is left out may be what differs. Hot path: allocates nothing for what is usual, never
 * throws.
 */
import { valueCount, valuesWord } from '../../shared/query-values.js';

/** What is looked at of one query, as much as eight texts of 64 characters. A value takes VALUE_ROOM and its own. */
const ROOM = 576;
const VALUE_ROOM = 8;
const PRIME = 0x01000193;
const SEED = 0x811c9dc5;
/** What tells kinds of values without a number of their own apart. */
const [TRUE, FALSE, NOTHING, TEXT] = [0x5bd1e995, 0x3243f6a9, 0x27d4eb2f, 0x6c62272e];
/** Half of a number that is not whole, or too large. */
const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);
/** What is left of ROOM. */
const room = new Int32Array(1);

/**
 * The word of a query's span (src/shared/query-values.ts). `literals` is a hash of the values within its text,
 * undefined when they are not known, and `literalCount` how many those are; `values` is what came beside the text: a
 * list, an object of names, one value or nothing.
 */
export function hashOfValues(
  literals: number | undefined,
  values: unknown,
  literalCount: number = 0,
): number {
  const word = wordOf(literals, values);
  // Of a text with parameters its literals are constants: `status IN ('open', 'paid')` is no list of a batch.
  return literalCount === 0 || valueCount(word) > 0 ? word : valuesWord(word, literalCount);
}

function wordOf(literals: number | undefined, values: unknown): number {
  if (literals === undefined) return valuesWord(0, valueCount(wordOf(0, values)));
  const hash = mix(SEED, literals);
  if (values === undefined || values === null) return valuesWord(ended(hash), 0);
  room[0] = ROOM;
  try {
    return Array.isArray(values) ? hashOfAll(hash, values) : hashOfOne(hash, values);
  } catch {
    // A proxy, or a getter of the application's.
    return valuesWord(0, 1);
  }
}

/** As a hash: once in four billion times it is one of values that are known. */
const UNKNOWN = 0;

function hashOfAll(before: number, values: readonly unknown[]): number {
  if (values.length * VALUE_ROOM > ROOM) return valuesWord(0, values.length);
  let hash = before;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (Array.isArray(value)) {
      count += value.length;
      hash = hashOfList(hash, value);
    } else {
      count += 1;
      hash = hashOfValue(hash, value);
    }
    if (hash === UNKNOWN) return valuesWord(0, count + values.length - i - 1);
  }
  return valuesWord(ended(hash), count);
}

function hashOfOne(hash: number, value: unknown): number {
  const own = hashOfValue(hash, value);
  if (own !== UNKNOWN) return valuesWord(ended(own), 1);
  if (typeof value !== 'object' || value instanceof Uint8Array) return valuesWord(0, 1);
  let named = hash;
  let count = 0;
  for (const name in value) {
    count += 1;
    named = hashOfValue(named, (value as Readonly<Record<string, unknown>>)[name]);
    if (named === UNKNOWN) return valuesWord(0, count);
  }
  return count === 0 ? valuesWord(0, 1) : valuesWord(ended(named), count);
}

/** Of `= ANY($1)` and `IN (?)`. */
function hashOfList(before: number, values: readonly unknown[]): number {
  // Mostly a batch, of which the count tells.
  if (values.length * VALUE_ROOM > room[0]!) return UNKNOWN;
  let hash = mix(before, values.length);
  for (let i = 0; i < values.length; i++) {
    hash = hashOfValue(hash, values[i]);
    if (hash === UNKNOWN) return UNKNOWN;
  }
  return hash;
}

/** Whether there is room for a value of so many characters or bytes. */
function hasRoom(length: number): boolean {
  const left = room[0]! - VALUE_ROOM - length;
  if (left < 0) return false;
  room[0] = left;
  return true;
}

function hashOfValue(hash: number, value: unknown): number {
  const length = typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
  if (!hasRoom(length)) return UNKNOWN;
  switch (typeof value) {
    case 'number':
      return hashOfNumber(hash, value);
    case 'string':
      return hashOfText(hash, value);
    case 'boolean':
      return mix(hash, value ? TRUE : FALSE);
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) return UNKNOWN;
      return mix(
        mix(hash, Number(BigInt.asIntN(32, value))),
        Number(BigInt.asIntN(32, value >> 32n)),
      );
    case 'undefined':
      return mix(hash, NOTHING);
    case 'object':
      if (value === null) return mix(hash, NOTHING);
      if (value instanceof Date) return hashOfNumber(hash, Date.prototype.getTime.call(value));
      return value instanceof Uint8Array ? hashOfBytes(hash, value) : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function hashOfNumber(hash: number, value: number): number {
  const whole = value | 0;
  if (whole === value) return mix(hash, whole);
  number[0] = value;
  return mix(mix(hash, halves[0]!), halves[1]!);
}

function hashOfText(before: number, text: string): number {
  let hash = mix(before, text.length ^ TEXT);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash;
}

function hashOfBytes(before: number, bytes: Uint8Array): number {
  let hash = mix(before, bytes.length);
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, PRIME);
  return hash;
}

/** A whole number goes in at once: spread first, for FNV mixes eight bits at a time. */
function mix(hash: number, value: number): number {
  const spread = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return Math.imul(hash ^ spread ^ (spread >>> 12), PRIME);
}

/** The upper bits are kept, and depend on all. Never 0 in them. */
function ended(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) & ~0xf || 0x10;
}
