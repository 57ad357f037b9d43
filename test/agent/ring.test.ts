import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { HEADER_BYTES, MAGIC, SCALED_BY, VALUE_MAX } from '../../src/shared/ring-layout.js';
import type { Series } from '../../src/transport/batch.js';
import { RingReader } from '../../src/workers/ring-reader.js';
import { Window } from '../../src/workers/window.js';
import { newJournal } from '../support/new-journal.js';

const SLOTS = 1024;

interface Seen {
  readonly reader: RingReader;
  readonly values: Map<string, number[]>;
}

/** A reader whose cells keep every value, by the name of their series. */
function readerOf(ring: RingWriter): Seen {
  const values = new Map<string, number[]>();
  const reader = new RingReader(
    ring.buffer,
    (series: Series) => {
      const list = values.get(series.name) ?? [];
      values.set(series.name, list);
      const cell = new Window({ digits: 2, seriesMax: 10 }).cell(series);
      cell.record = (value: number) => list.push(value);
      return cell;
    },
    newJournal(),
  );
  return { reader, values };
}

function definition(id: number, name: string): string {
  return JSON.stringify([id, name, 'counter', '1', 1, []]);
}

function newRing(): RingWriter {
  return new RingWriter(SLOTS * 8, 100, 0);
}

describe('ring', () => {
  it('gives back what was written, in order, whatever the pattern of writes and drains', () => {
    const step = fc.oneof(
      fc.record({
        write: fc.array(fc.tuple(fc.nat(3), fc.nat(VALUE_MAX)), { maxLength: 700 }),
      }),
      fc.constant('drain' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer(), (steps, startPosition) => {
        // Anywhere in the 32-bit range, so that positions wrap.
        const ring = new RingWriter(SLOTS * 8, 100, 0, startPosition);
        const { reader, values } = readerOf(ring);
        const expected = new Map<string, number[]>();
        for (let id = 0; id < 4; id++) {
          ring.define(definition(id, `s${id}`), false);
          expected.set(`s${id}`, []);
        }
        let inRing = 0;
        let dropped = 0;
        let droppedSeen = 0;
        for (const action of [...steps, 'drain' as const]) {
          if (action === 'drain') {
            droppedSeen += reader.drain().dropped;
            inRing = 0;
            continue;
          }
          for (const [id, value] of action.write) {
            ring.record(id, value);
            if (inRing === SLOTS) dropped += 1;
            else {
              inRing += 1;
              expected.get(`s${id}`)?.push(value);
            }
          }
        }
        expect(values).toEqual(expected);
        expect(droppedSeen).toBe(dropped);
      }),
      { numRuns: 60 },
    );
  });

  it('counts exactly what it refuses when nobody drains, and keeps what it had', () => {
    const ring = newRing();
    ring.define(definition(0, 's'), false);
    const { reader, values } = readerOf(ring);
    for (let i = 0; i < SLOTS * 3; i++) ring.record(0, i);
    expect(reader.drain()).toEqual({
      records: SLOTS,
      foreground: SLOTS,
      dropped: SLOTS * 2,
      invalid: 0,
    });
    expect(values.get('s')).toEqual(Array.from({ length: SLOTS }, (_, i) => i));
    expect(reader.drain().dropped).toBe(0);
  });

  it('stores values above 32 bits in thousands, within half a thousand', () => {
    fc.assert(
      fc.property(fc.integer({ min: VALUE_MAX + 1, max: VALUE_MAX * SCALED_BY }), (value) => {
        const ring = newRing();
        ring.define(definition(0, 's'), false);
        const { reader, values } = readerOf(ring);
        ring.record(0, value);
        reader.drain();
        expect(Math.abs((values.get('s')?.[0] ?? 0) - value)).toBeLessThanOrEqual(SCALED_BY / 2);
      }),
    );
  });

  it.each([
    [Number.NaN, 0],
    [-1, 0],
    [-0, 0],
    [Number.POSITIVE_INFINITY, VALUE_MAX * SCALED_BY],
    [1e300, VALUE_MAX * SCALED_BY],
    [1.9, 1],
  ])('records the hostile value %s as %s', (value, recorded) => {
    const ring = newRing();
    ring.define(definition(0, 's'), false);
    const { reader, values } = readerOf(ring);
    ring.record(0, value);
    reader.drain();
    expect(values.get('s')).toEqual([recorded]);
  });

  it('counts records of a series without a definition as invalid, and reads on', () => {
    const ring = newRing();
    ring.define(definition(0, 's'), false);
    const { reader, values } = readerOf(ring);
    ring.record(0, 1);
    ring.record(7, 2);
    ring.record(0, 3);
    expect(reader.drain()).toMatchObject({ records: 2, invalid: 1 });
    expect(values.get('s')).toEqual([1, 3]);
  });

  it('refuses definitions when their room is full, but keeps room for overflow series', () => {
    const ring = newRing();
    const line = definition(0, 'x'.repeat(1000));
    let lines = 0;
    while (ring.define(line, false)) lines += 1;
    expect(lines).toBeGreaterThan(500);
    expect(ring.define(definition(1, 'overflow'), true)).toBe(true);
  });

  it('is spent only after its producer closed it and everything was read', () => {
    const ring = newRing();
    ring.define(definition(0, 's'), false);
    const { reader } = readerOf(ring);
    ring.record(0, 1);
    expect(reader.isSpent).toBe(false);
    ring.close();
    expect(reader.isSpent).toBe(false);
    reader.drain();
    expect(reader.isSpent).toBe(true);
  });

  it('is not attached when it is no ring of this version', () => {
    const ring = newRing();
    new Int32Array(ring.buffer, 0, HEADER_BYTES / 4)[MAGIC] = 1;
    expect(() => readerOf(ring)).toThrow(/expected version 2/);
  });
});
