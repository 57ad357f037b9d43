/**
 * A look over msgpack bytes before anything is built from them: depth, number of values, no extension
 * types, no maps (the format has none, and an empty one takes 191 bytes), and every length within the
 * bytes. Without recursion, and with memory for the depth alone.
 *
 * Source: https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export const DEPTH_MAX = 16;
export const NODES_MAX = 200_000;

/** The bytes must not be unpacked; the message says why. */
export class MsgpackScanError extends Error {
  override readonly name = 'MsgpackScanError';
}

/**
 * How many values the bytes hold, those within arrays and maps included.
 * @throws {MsgpackScanError} unless the bytes are one value within the bounds.
 */
export function scanMsgpack(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values still expected in each open array or map. */
  const open: number[] = [1];
  let at = 0;
  let nodes = 0;
  while (open.length > 0) {
    const left = open.at(-1) as number;
    if (left === 0) {
      open.pop();
      continue;
    }
    open[open.length - 1] = left - 1;
    nodes += 1;
    if (nodes > NODES_MAX) throw new MsgpackScanError(`expected at most ${NODES_MAX} values`);
    if (at >= bytes.byteLength) throw torn();
    const head = readHead(view, at);
    at = head.next + head.skip;
    if (at > bytes.byteLength) throw torn();
    if (head.children > 0) {
      // Every child takes a byte at least: a claim past the end is refused at once.
      if (head.children > bytes.byteLength - at) throw torn();
      if (open.length > DEPTH_MAX) throw new MsgpackScanError(`expected a depth of ${DEPTH_MAX}`);
      open.push(head.children);
    }
  }
  if (at !== bytes.byteLength) throw new MsgpackScanError('expected one value, got bytes after it');
  return nodes;
}

interface Head {
  /** Where the value's own bytes begin. */
  readonly next: number;
  /** How many bytes of its own it has. */
  readonly skip: number;
  /** How many values it contains. */
  readonly children: number;
}

/** Bytes of fixed-size values from 0xca to 0xd3: floats and integers. */
const NUMBER_BYTES = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8] as const;

function readHead(view: DataView, at: number): Head {
  const code = view.getUint8(at);
  const next = at + 1;
  if (code < 0x80 || code >= 0xe0) return { next, skip: 0, children: 0 };
  if (code < 0x90 || code === 0xde || code === 0xdf) throw new MsgpackScanError('expected no maps');
  if (code < 0xa0) return { next, skip: 0, children: code & 0x0f };
  if (code < 0xc0) return { next, skip: code & 0x1f, children: 0 };
  if (code === 0xc0 || code === 0xc2 || code === 0xc3) return { next, skip: 0, children: 0 };
  if (code >= 0xc4 && code <= 0xc6) return sized(view, next, code - 0xc4, 'bytes');
  if (code >= 0xca && code <= 0xd3) {
    return { next, skip: NUMBER_BYTES[code - 0xca] as number, children: 0 };
  }
  if (code >= 0xd9 && code <= 0xdb) return sized(view, next, code - 0xd9, 'bytes');
  if (code === 0xdc || code === 0xdd) return sized(view, next, code - 0xdb, 'values');
  throw new MsgpackScanError('expected no extension types');
}

/** A value whose length stands in 1, 2 or 4 bytes (`log2` 0, 1, 2). */
function sized(view: DataView, at: number, log2: number, of: 'bytes' | 'values'): Head {
  const width = 2 ** log2;
  if (at + width > view.byteLength) throw torn();
  const length =
    width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
  const next = at + width;
  return of === 'bytes' ? { next, skip: length, children: 0 } : { next, skip: 0, children: length };
}

function torn(): MsgpackScanError {
  return new MsgpackScanError('expected whole values, got torn ones');
}
