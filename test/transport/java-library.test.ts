/** Payloads against the reference implementation (Debian: libhdrhistogram-java, and a JDK). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHdrPayload } from '../../src/transport/decode-hdr-payload.js';
import { highestOfSlot, lowestOfSlot, slotOf } from '../../src/transport/hdr-layout.js';
import { encodeHdrPayload } from '../../src/transport/hdr-payload.js';
import { percentilesOf } from '../../src/transport/percentiles.js';
import { Float64Histogram, Int32Histogram } from './hdr-library.js';

const JAR = '/usr/share/java/hdrhistogram.jar';
const JARS = [JAR, '/usr/share/java/HdrHistogram.jar'];
const PROGRAM = new URL('../fixtures/java/DecodeHistograms.java', import.meta.url).pathname;
const jar = JARS.find((path) => existsSync(path));
const isThere = jar !== undefined && spawnSync('java', ['-version']).status === 0;
if (!isThere && !process.env.CI) {
  process.stdout.write('skipped: the Java reference needs a JDK and libhdrhistogram-java\n');
}

const HIGHEST = 4_294_967_295_000;
const pairs = fc.array(
  fc.tuple(
    fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 10_000_000 }), fc.nat({ max: HIGHEST })),
    fc.integer({ min: 1, max: 2 ** 31 }),
  ),
  { maxLength: 300 },
);

function samples(): Uint8Array[] {
  const layouts = fc.tuple(
    pairs,
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom(1, 2, 1000),
    fc.constantFrom(Int32Histogram, Float64Histogram),
  );
  return fc
    .sample(layouts, { numRuns: 200, seed: 20_261_123 })
    .map(([filled, digits, low, Kind]) => {
      const histogram = new Kind(low, HIGHEST, digits);
      for (const [value, count] of filled) {
        histogram.recordValueWithCount(
          value,
          Kind === Int32Histogram ? count % 1000 : count * 1000,
        );
      }
      return encodeHdrPayload(histogram);
    });
}

describe.runIf(isThere || process.env.CI)('the Java reference library', () => {
  it('reads our payloads to the same counts, and we read what it writes', () => {
    const payloads = samples();
    const input = payloads.map((payload) => Buffer.from(payload).toString('hex')).join('\n');
    const run = spawnSync('java', ['-cp', jar ?? JAR, PROGRAM], {
      input,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(run.stderr).toBe('');
    const answers = run.stdout.trim().split('\n');
    expect(answers).toHaveLength(payloads.length);
    for (const [i, answer] of answers.entries()) {
      const ours = decodeHdrPayload(payloads[i]!);
      const [digits, lowest, highest, total, p99, slots, again] = answer.split(' ');
      const { layout } = ours;
      expect([layout.digits, layout.lowest, layout.highest, ours.total].map(String)).toEqual([
        digits,
        lowest,
        highest,
        total,
      ]);
      const ourSlots = Array.from(
        ours.indexes,
        (index, at) => `${lowestOfSlot(layout, index)}:${ours.counts[at]}`,
      );
      expect(ourSlots.join(',') || '-').toBe(slots);
      // Java's percentile is the highest value of the slot, ours its middle.
      const slot = slotOf(layout, percentilesOf(ours, [990])[0]!);
      expect(String(ours.total === 0 ? 0 : highestOfSlot(layout, slot))).toBe(p99);
      const theirs = decodeHdrPayload(Buffer.from(again!, 'hex'));
      expect([...theirs.indexes]).toEqual([...ours.indexes]);
      expect([...theirs.counts]).toEqual([...ours.counts]);
    }
  });
});
