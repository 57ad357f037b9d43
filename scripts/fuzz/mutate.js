/**
 * Bytes a little different from others: what a torn disk, a broken proxy or somebody's malice makes of
 * them. Pure; all chance comes from the generator it is given.
 */

/** @typedef {import('../../bench/statistics/random.js').Random} Random */

/** Grows no further: larger inputs find the same things more slowly. */
const BYTES_MAX = 64 * 1024;
const CHANGES_MAX = 6;
const PIECE_BYTES_MAX = 64;

/** Heads of every msgpack type, the edges of integers, and what gzip, JSON and our files begin with. */
const PIECES = [
  [0x00],
  [0x7f],
  [0x80],
  [0x8f],
  [0x90],
  [0x91],
  [0x9f],
  [0xa0],
  [0xbf],
  [0xc0],
  [0xc1],
  [0xc2],
  [0xc4, 0xff],
  [0xc5, 0xff, 0xff],
  [0xc6, 0xff, 0xff, 0xff, 0xff],
  [0xc7, 0x01, 0x00],
  [0xc9, 0xff, 0xff, 0xff, 0xff],
  [0xca, 0x7f, 0xc0, 0x00, 0x00],
  [0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
  [0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0],
  [0xcf, 0x00, 0x20, 0, 0, 0, 0, 0, 0],
  [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0],
  [0xd4, 0x72, 0x40],
  [0xd6, 0xff, 0, 0, 0, 0],
  [0xd9, 0xff],
  [0xdb, 0xff, 0xff, 0xff, 0xff],
  [0xdc, 0xff, 0xff],
  [0xdd, 0xff, 0xff, 0xff, 0xff],
  [0xde, 0xff, 0xff],
  [0xe0],
  [0xff],
  [0x1c, 0x84, 0x93, 0x13],
  [0x1f, 0x8b, 0x08],
  [0x54, 0x47, 0x42, 0x31],
  [0x54, 0x47, 0x42, 0x32],
  [0x7b, 0x7d],
  [0x5b, 0x5d],
  [0x22],
  [0x2c],
  [0x3d],
  [0x0a],
].map((bytes) => Uint8Array.from(bytes));

/** Texts that mean something to parsers of numbers, sizes, times, addresses and paths. */
const WORDS = [
  '-1',
  '0',
  '1e999',
  'NaN',
  '9007199254740993',
  '99999999999999999999',
  '10s',
  '64MiB',
  'on',
  '%',
  '%zz',
  '%00',
  'http://',
  'msgpack+https://[::1',
  'file:///',
  'stdout:',
  '//a:b@c',
  '?max=',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud83d\ude00',
  '\u202e',
  '../',
  '*',
  '-',
  '--',
  ',',
  ',,',
  '=',
  '&',
  'null',
  'true',
  '{',
  '[',
  '"',
  '\\u0000',
].map((word) => new TextEncoder().encode(word));

/**
 * @param {Uint8Array} input
 * @param {Uint8Array} other Another input, parts of which may be taken over.
 * @param {Random} random
 * @returns {Uint8Array}
 */
export function mutate(input, other, random) {
  let bytes = input;
  const changes = 1 + Math.floor(random() * CHANGES_MAX);
  for (let i = 0; i < changes; i++) {
    const change = oneOf(CHANGES, random);
    bytes = change(bytes, other, random);
  }
  return bytes.subarray(0, BYTES_MAX);
}

/** @type {readonly ((bytes: Uint8Array, other: Uint8Array, random: Random) => Uint8Array)[]} */
const CHANGES = [
  function flipBit(bytes, _other, random) {
    const changed = Uint8Array.from(bytes);
    if (bytes.length === 0) return changed;
    const index = at(bytes, random);
    changed[index] = (bytes[index] ?? 0) ^ (1 << Math.floor(random() * 8));
    return changed;
  },
  function setByte(bytes, _other, random) {
    const changed = Uint8Array.from(bytes);
    if (bytes.length > 0) changed[at(bytes, random)] = Math.floor(random() * 256);
    return changed;
  },
  function truncate(bytes, _other, random) {
    return bytes.subarray(0, at(bytes, random));
  },
  function remove(bytes, _other, random) {
    const from = at(bytes, random);
    return replaced(bytes, from, from + pieceLength(random), new Uint8Array());
  },
  function insert(bytes, _other, random) {
    const from = at(bytes, random);
    return replaced(bytes, from, from, oneOf(random() < 0.5 ? PIECES : WORDS, random));
  },
  function overwrite(bytes, _other, random) {
    const piece = oneOf(random() < 0.7 ? PIECES : WORDS, random);
    const from = at(bytes, random);
    return replaced(bytes, from, from + piece.length, piece);
  },
  function repeat(bytes, _other, random) {
    const from = at(bytes, random);
    const piece = bytes.subarray(from, from + pieceLength(random));
    return replaced(bytes, from, from, piece);
  },
  function takeOver(bytes, other, random) {
    const from = at(other, random);
    const piece = other.subarray(from, from + pieceLength(random));
    const to = at(bytes, random);
    return replaced(bytes, to, to + Math.floor(random() * piece.length), piece);
  },
  function cross(bytes, other, random) {
    return replaced(bytes, at(bytes, random), bytes.length, other.subarray(at(other, random)));
  },
];

/**
 * @param {Uint8Array} bytes
 * @param {Random} random
 */
function at(bytes, random) {
  return Math.floor(random() * bytes.length);
}

/** @param {Random} random */
function pieceLength(random) {
  return 1 + Math.floor(random() ** 2 * PIECE_BYTES_MAX);
}

/**
 * @template Item
 * @param {readonly Item[]} items At least one.
 * @param {Random} random
 */
export function oneOf(items, random) {
  return /** @type {Item} */ (items[Math.floor(random() * items.length)]);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} to
 * @param {Uint8Array} piece
 */
function replaced(bytes, from, to, piece) {
  const tail = bytes.subarray(to);
  const changed = new Uint8Array(from + piece.length + tail.length);
  changed.set(bytes.subarray(0, from));
  changed.set(piece, from);
  changed.set(tail, from + piece.length);
  return changed;
}
