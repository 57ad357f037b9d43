import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parcel } from '../../src/transport/sender.js';
import { decodeSpoolFile, encodeSpoolFile } from '../../src/transport/spool-file.js';
import {
  batchName,
  parseBatchName,
  parseOwned,
  renamedFor,
} from '../../src/transport/spool-name.js';
import { sampleParcel } from './sample-batch.js';

const parcels: fc.Arbitrary<Parcel> = fc.record({
  identity: fc.record({ agent: fc.string(), boot: fc.uuid(), sequence: fc.maxSafeNat() }),
  records: fc.maxSafeNat(),
  closedMs: fc.maxSafeNat(),
  body: fc.uint8Array({ maxLength: 300 }),
});

describe('a spool file', () => {
  it('gives back the parcel', () => {
    fc.assert(
      fc.property(parcels, (parcel) => {
        const decoded = decodeSpoolFile(encodeSpoolFile(parcel)) as Parcel;
        expect({ ...decoded, body: [...decoded.body] }).toEqual({
          ...parcel,
          body: [...parcel.body],
        });
      }),
    );
  });

  it('is not believed when it is cut at any byte', () => {
    const bytes = encodeSpoolFile(sampleParcel());
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeSpoolFile(bytes.subarray(0, length))).toBeTypeOf('string');
    }
  });

  it('is not believed when any bit is flipped', () => {
    const bytes = encodeSpoolFile(sampleParcel());
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      expect(decodeSpoolFile(bytes)).toBeTypeOf('string');
      bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(decodeSpoolFile(bytes)).toBeTypeOf('object');
  });

  it('says why it is not believed', () => {
    const bytes = Buffer.from(encodeSpoolFile(sampleParcel()));
    expect(decodeSpoolFile(Buffer.alloc(0))).toBe('expected at least 16 bytes, got 0');
    expect(decodeSpoolFile(Buffer.alloc(500))).toContain('expected the magic TGB1, got 0x00000000');
    expect(decodeSpoolFile(Buffer.concat([bytes, bytes]))).toMatch(/expected \d+ bytes, got \d+/);
    bytes.write('TGB2');
    expect(decodeSpoolFile(bytes)).toContain('got 0x54474232');
  });
});

describe('a spool name', () => {
  it('says what the index needs', () => {
    fc.assert(
      fc.property(parcels, fc.integer({ min: 1, max: 4_194_304 }), (parcel, pid) => {
        const owner = `${pid}-0a1b2c3d`;
        const name = batchName(parcel, owner);
        expect(parseBatchName(name)).toEqual({
          closedMs: parcel.closedMs,
          sequence: parcel.identity.sequence,
          records: parcel.records,
          boot: parcel.identity.boot,
          owner,
        });
        expect(parseBatchName(renamedFor(name, '9-ffffffff'))).toMatchObject({
          owner: '9-ffffffff',
          boot: parcel.identity.boot,
        });
      }),
    );
  });

  it('cannot leave the folder, whatever the boot id is', () => {
    const parcel = sampleParcel(1, 5, '../../etc/x\u0000y');
    expect(batchName(parcel, '1-a')).toMatch(/^[\w.-]+$/);
  });

  it.each(['', 'x.tgb', '1-2-3-b.tgb', '1-2-3-b.4-c.tgb.tmp', '../1-2-3-b.4-c.tgb', 'core.1'])(
    'is not "%s"',
    (name) => {
      expect(parseBatchName(name)).toBeUndefined();
    },
  );

  it('knows slots, markers and files being written', () => {
    expect(parseOwned('4-c.0.slot')).toEqual({ kind: 'slot', owner: '4-c' });
    expect(parseOwned('4-c.owner')).toEqual({ kind: 'marker', owner: '4-c' });
    expect(parseOwned('1-2-3-b.4-c.tgb.tmp')).toEqual({ kind: 'temporary', owner: '4-c' });
    expect(parseOwned('4-c.1.slot.tmp')).toEqual({ kind: 'temporary', owner: '4-c' });
    expect(parseOwned('4-c.owner.tmp')).toEqual({ kind: 'temporary', owner: '4-c' });
    expect(parseOwned('README')).toBeUndefined();
  });
});
