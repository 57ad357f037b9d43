import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { DEPTH_MAX, NODES_MAX, scanMsgpack } from '../../../src/collector/ingest/scan-msgpack.js';
import { encodeBatch } from '../../../src/transport/encode-batch.js';
import { makeBatch } from '../make-batch.js';

const packr = new Packr({ useRecords: false, variableMapSize: true });
const nested = (depth: number): Buffer =>
  Buffer.concat([Buffer.alloc(depth, 0x91), Buffer.from([1])]);
const arrayOf = (length: number): Buffer => {
  const bytes = Buffer.alloc(5 + length, 0x01);
  bytes[0] = 0xdd;
  bytes.writeUInt32BE(length, 1);
  return bytes;
};

describe('the scan of msgpack', () => {
  it('passes whatever msgpackr packs of plain values and arrays', () => {
    const { plain } = fc.letrec((tie) => ({
      plain: fc.oneof(
        { depthSize: 'small', maxDepth: 5 },
        fc.constant(null),
        fc.boolean(),
        fc.double(),
        fc.string(),
        fc.array(tie('plain')),
      ),
    }));
    fc.assert(
      fc.property(plain, fc.uint8Array(), (value, bytes) => {
        scanMsgpack(packr.pack([value, bytes, 2 ** 40, -1.5, true]));
      }),
    );
  });

  it('passes a batch and refuses it cut anywhere', () => {
    const bytes = encodeBatch(makeBatch({ startMs: 0, routes: { '/a': [1, 2, 3] } }));
    scanMsgpack(bytes);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => scanMsgpack(bytes.subarray(0, length))).toThrow('torn');
    }
  });

  it('passes the greatest depth and refuses one more', () => {
    scanMsgpack(nested(DEPTH_MAX));
    expect(() => scanMsgpack(nested(DEPTH_MAX + 1))).toThrow('depth');
  });

  it('refuses a depth of a million without recursion', () => {
    expect(() => scanMsgpack(nested(1_000_000))).toThrow('depth');
  });

  it('passes the greatest number of values and refuses one more', () => {
    scanMsgpack(arrayOf(NODES_MAX - 1));
    expect(() => scanMsgpack(arrayOf(NODES_MAX))).toThrow(`${NODES_MAX} values`);
  });

  it.each([
    ['fixext 1', [0xd4, 1, 0]],
    ['fixext 16', [0xd8, 1, ...Array(16).fill(0)]],
    ['ext 8', [0xc7, 1, 1, 0]],
    ['ext 32', [0xc9, 0, 0, 0, 1, 1, 0]],
    ['a timestamp', [0xd6, 0xff, 0, 0, 0, 0]],
    ['a msgpackr record', [0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1]],
    ['the reserved byte', [0xc1]],
  ])('refuses extension types: %s', (_name, bytes) => {
    expect(() => scanMsgpack(Uint8Array.from(bytes))).toThrow('extension');
  });

  it.each([
    ['an empty one', [0x80]],
    ['one of a pair', [0x81, 1, 1]],
    ['map 16', [0xde, 0, 0]],
    ['map 32', [0xdf, 0, 0, 0, 0]],
    ['one in an array', [0x91, 0x80]],
  ])('refuses maps, which the format does not have: %s', (_name, bytes) => {
    expect(() => scanMsgpack(Uint8Array.from(bytes))).toThrow('maps');
  });

  it.each([
    ['a string of 4 GiB', [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ['an array of 4 G values', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['an array of 65,535 values', [0xdc, 0xff, 0xff]],
    ['binary of 200 bytes', [0xc4, 200, 0]],
  ])('refuses a claim past the end: %s', (_name, bytes) => {
    expect(() => scanMsgpack(Uint8Array.from(bytes))).toThrow('torn');
  });

  it('refuses bytes after the value', () => {
    expect(() => scanMsgpack(Uint8Array.from([1, 1]))).toThrow('after it');
  });

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          scanMsgpack(bytes);
        } catch (error) {
          expect((error as Error).name).toBe('MsgpackScanError');
        }
      }),
    );
  });
});
