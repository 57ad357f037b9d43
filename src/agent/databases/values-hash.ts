/**
 * A number for what a query is called with: two calls with the same values have the same. Numbers, texts,
 * truth values, dates and bytes are known; a query with anything else has an unknown one. Looks at no more than
 * eight values and 64 characters of each. Hot path: allocates nothing for what is usual, never throws.
 */
import { valuesWord } from '../../shared/query-values.js';

const VALUES_MAX = 8;
const LENGTH_MAX = 64;
const PRIME = 0x01000193;
const SEED = 0x811c9dc5;
/** What tells kinds of values without a number of their own apart. */
const [TRUE, FALSE, NOTHING, TEXT] = [0x5bd1e995, 0x3243f6a9, 0x27d4eb2f, 0x6c62272e];
/** Half of a number that is not whole, or too large. */
const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);

/**
 * The word of a query's span (src/shared/query-values.ts). `literals` is a hash of the values within its text;
 * `values` is what came beside the text: a list, an object of names, one value or nothing.
 */
export function hashOfValues(literals: number, values: unknown): number {
  let hash = mix(SEED, literals);
  if (values === undefined || values === null) return valuesWord(ended(hash), 0);
  try {
    if (!Array.isArray(values)) return hashOfOne(hash, values);
    let count = 0;
    for (let i = 0; i < values.length && i < VALUES_MAX; i++) {
      const value: unknown = values[i];
      if (Array.isArray(value)) {
        count += value.length;
        hash = hashOfList(hash, value);
      } else {
        count += 1;
        hash = hashOfValue(hash, value);
      }
      if (hash === UNKNOWN) return valuesWord(0, count);
    }
    return valuesWord(ended(hash), count + Math.max(0, values.length - VALUES_MAX));
  } catch {
    // A proxy, or a getter of the application's.
    return valuesWord(0, 1);
  }
}

/** As a hash: once in four billion times it is one of values that are known. */
const UNKNOWN = 0;

function hashOfOne(hash: number, value: unknown): number {
  const own = hashOfValue(hash, value);
  if (own !== UNKNOWN) return valuesWord(ended(own), 1);
  let named = hash;
  let count = 0;
  for (const name in value as Readonly<Record<string, unknown>>) {
    if (count === VALUES_MAX) break;
    count += 1;
    named = hashOfValue(named, (value as Readonly<Record<string, unknown>>)[name]);
    if (named === UNKNOWN) return valuesWord(0, count);
  }
  return count === 0 ? valuesWord(0, 1) : valuesWord(ended(named), count);
}

/** Of `= ANY($1)` and `IN (?)`. */
function hashOfList(before: number, values: readonly unknown[]): number {
  let hash = mix(before, values.length);
  for (let i = 0; i < values.length && i < VALUES_MAX; i++) {
    hash = hashOfValue(hash, values[i]);
    if (hash === UNKNOWN) return UNKNOWN;
  }
  return hash;
}

function hashOfValue(hash: number, value: unknown): number {
  switch (typeof value) {
    case 'number':
      return hashOfNumber(hash, value);
    case 'string':
      return hashOfText(hash, value);
    case 'boolean':
      return mix(hash, value ? TRUE : FALSE);
    case 'bigint':
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
  const length = Math.min(text.length, LENGTH_MAX);
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash;
}

function hashOfBytes(before: number, bytes: Uint8Array): number {
  let hash = mix(before, bytes.length);
  const length = Math.min(bytes.length, LENGTH_MAX);
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, PRIME);
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
