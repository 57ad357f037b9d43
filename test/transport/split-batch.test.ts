/** Parts of a batch: their numbers, and what who has some of them holds of another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import {
  heldOf,
  type Part,
  partNumbers,
  splitPart,
  wholeSequence,
} from '../../src/transport/split-batch.js';
import { sampleBatch } from './sample-batch.js';

const SEQUENCE = 7;
const whole: Part = { batch: sampleBatch(SEQUENCE, 5, 9), node: 1 };

/** Every part there may be of the batch, itself included. */
function allParts(part: Part): Part[] {
  const halves = splitPart(part, SEQUENCE) ?? [];
  return [part, ...halves.flatMap(allParts)];
}
const parts = allParts(whole);
const numberOf = ({ batch }: Part): number => batch.identity.sequence;
/** The points of a part, each as a text. */
const pointsOf = ({ batch }: Part): Set<string> =>
  new Set(
    [batch.histograms, batch.counters, batch.gauges, batch.events]
      .flat()
      .map((point) => JSON.stringify(point)),
  );

describe('the parts of a batch', () => {
  it('are several, which the codec takes', () => {
    expect(parts.length).toBeGreaterThan(5);
    for (const { batch } of parts) {
      expect(decodeBatch(encodeBatch(batch)).identity.sequence).toBe(batch.identity.sequence);
    }
  });

  it('have numbers of their own, between those of which the batch is known', () => {
    const [from, to] = partNumbers(SEQUENCE);
    const own = parts.slice(1).map(numberOf);
    expect(new Set(own).size).toBe(own.length);
    for (const sequence of own) {
      expect(sequence).toBeGreaterThanOrEqual(from);
      expect(sequence).toBeLessThan(to);
      expect(wholeSequence(sequence)).toBe(SEQUENCE);
      expect(partNumbers(sequence)).toEqual([from, to]);
    }
  });

  it('are held as far as their points are', () => {
    const some = fc.subarray(parts, { minLength: 0, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...parts), some, (asked, known) => {
        const held = heldOf(numberOf(asked), known.map(numberOf));
        const own = pointsOf(asked);
        const shared = known.map((one) => [...pointsOf(one)].filter((point) => own.has(point)));
        const isAll = shared.some((points) => points.length === own.size);
        expect(held === 'all').toBe(isAll);
        expect(held === 'nothing').toBe(shared.every((points) => points.length === 0));
      }),
    );
  });
});
