import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes, Batch, Series } from '../../src/transport/batch.js';
import { BatchFormatError, decodeBatch } from '../../src/transport/decode-batch.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import { sampleBatch } from './sample-batch.js';

const whole = fc.maxSafeNat();
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('', 'é', '日本', '\u0000'));
const attributes: fc.Arbitrary<Attributes> = fc.array(fc.tuple(text, text), { maxLength: 4 });
const folded = { count: whole, sum: whole, min: whole, max: whole };

function seriesOf<Kind extends Series['kind']>(kind: Kind): fc.Arbitrary<Series> {
  return fc.record({
    name: text,
    kind: fc.constant(kind),
    unit: text,
    scale: fc.integer({ min: 1, max: 1_000_000 }),
    attributes,
  });
}

const batches: fc.Arbitrary<Batch> = fc.record({
  identity: fc.record({ agent: text, boot: text, sequence: whole }),
  resource: attributes,
  startMs: whole,
  durationMs: whole,
  closedMs: whole,
  records: whole,
  histograms: fc.array(
    fc.record({
      series: seriesOf('histogram'),
      ...folded,
      payload: fc.uint8Array({ maxLength: 80 }),
    }),
    { maxLength: 5 },
  ),
  counters: fc.array(fc.record({ series: seriesOf('counter'), value: whole }), { maxLength: 5 }),
  gauges: fc.array(fc.record({ series: seriesOf('gauge'), ...folded, last: whole }), {
    maxLength: 5,
  }),
  events: fc.array(fc.record({ timeMs: whole, name: text, attributes }), { maxLength: 5 }),
  ledger: fc.record({
    recorded: whole,
    delivered: whole,
    pending: whole,
    dropped: fc.dictionary(
      text.filter((name) => name !== '__proto__'),
      whole,
      { maxKeys: 4 },
    ),
  }),
});

/** As JSON has it, with binary in hexadecimal. */
function plain(batch: Batch): unknown {
  const histograms = batch.histograms.map((point) => ({
    ...point,
    payload: Buffer.from(point.payload).toString('hex'),
  }));
  return JSON.parse(JSON.stringify({ ...batch, histograms }));
}

describe('wire format v1', () => {
  it('gives back every batch it is given', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        expect(plain(decodeBatch(encodeBatch(batch)))).toEqual(plain(batch));
      }),
    );
  });

  it('writes each series and string once', () => {
    const batch = sampleBatch(1, 5, 2);
    const one = encodeBatch({ ...batch, histograms: batch.histograms.slice(0, 1) });
    const two = encodeBatch({
      ...batch,
      histograms: [
        batch.histograms[0]!,
        { ...batch.histograms[1]!, series: batch.histograms[0]!.series },
      ],
    });
    expect(two.length - one.length).toBeLessThan(batch.histograms[1]!.payload.length + 20);
  });

  it('writes whole numbers above 32 bits as integers, never as floats', () => {
    const body = Buffer.from(encodeBatch(sampleBatch()));
    const wanted = Buffer.alloc(9);
    wanted[0] = 0xd3;
    wanted.writeBigInt64BE(BigInt(sampleBatch().closedMs), 1);
    expect(body.includes(wanted)).toBe(true);
    wanted[0] = 0xcb;
    wanted.writeDoubleBE(sampleBatch().closedMs, 1);
    expect(body.includes(wanted)).toBe(false);
  });

  it('is refused when it is cut at any byte', () => {
    const body = encodeBatch(sampleBatch());
    for (let length = 0; length < body.length; length++) {
      expect(() => decodeBatch(body.subarray(0, length))).toThrow(BatchFormatError);
    }
  });

  it('is refused or read, and nothing else, when bits are flipped', () => {
    const body = encodeBatch(sampleBatch());
    fc.assert(
      fc.property(fc.nat({ max: body.length * 8 - 1 }), (bit) => {
        const bytes = Uint8Array.from(body);
        bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
        try {
          decodeBatch(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(BatchFormatError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('names the field and what came when it refuses', () => {
    const batch = sampleBatch();
    const body = encodeBatch({ ...batch, records: -1 });
    expect(() => decodeBatch(body)).toThrow(
      'batch window.records: expected a whole number from 0 to 2^53 - 1, got the number -1',
    );
  });
});

describe('the golden files of wire format v1', () => {
  const folder = new URL('../fixtures/wire-v1/', import.meta.url).pathname;
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.bin'))
    .map((name) => name.slice(0, -4));

  it('are there', () => {
    expect(names.sort()).toEqual(['empty', 'every-kind', 'example', 'large-numbers', 'unicode']);
  });

  it.each(names)('%s is decoded to what stands beside it', (name) => {
    const expected = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    expect(plain(decodeBatch(readFileSync(join(folder, `${name}.bin`))))).toEqual(expected);
  });

  it.each(names)('%s is encoded to the same bytes again', (name) => {
    const golden = readFileSync(join(folder, `${name}.bin`));
    expect(Buffer.from(encodeBatch(decodeBatch(golden))).equals(golden)).toBe(true);
  });
});
