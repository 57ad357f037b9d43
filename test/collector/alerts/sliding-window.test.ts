/** Windows that slide say what a look at every item would. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingWindow } from '../../../src/collector/alerts/sliding-window.js';
import { TallyWindow } from '../../../src/collector/alerts/tally-window.js';
import type { Tally } from '../../../src/collector/views/tallies.js';

const MINUTE_MS = 60_000;
const ascending = (max: number) =>
  fc
    .uniqueArray(fc.integer({ min: 0, max }), { maxLength: 60 })
    .map((minutes) => minutes.sort((a, b) => a - b).map((minute) => minute * MINUTE_MS));
const widthMs = fc.integer({ min: 1, max: 40 }).map((minutes) => minutes * MINUTE_MS);
const tally = fc.record({ calls: fc.nat(9), errors: fc.nat(9), aborted: fc.nat(9) });

describe('a window that slides', () => {
  it('has the items that are later than its beginning, and no later than its end', () => {
    fc.assert(
      fc.property(ascending(200), ascending(250), widthMs, (times, moves, width) => {
        const items = times.map((timeMs) => ({ timeMs }));
        const window = new SlidingWindow(items, width);
        for (const toMs of moves) {
          window.moveTo(toMs);
          const meant = items.filter(({ timeMs }) => timeMs > toMs - width && timeMs <= toMs);
          expect(window.items).toEqual(meant);
        }
      }),
    );
  });

  it('has the sums of each service that is in it, and of no other', () => {
    const minutes = ascending(200).chain((times) =>
      fc.tuple(
        ...times.map((timeMs) =>
          fc
            .dictionary(fc.constantFrom('shop', 'cart', 'mail'), tally)
            .map((tallies) => ({ timeMs, ofServices: new Map(Object.entries(tallies)) })),
        ),
      ),
    );
    fc.assert(
      fc.property(minutes, ascending(250), widthMs, (all, moves, width) => {
        const window = new TallyWindow(all, width);
        for (const toMs of moves) {
          const sums: Record<string, Tally> = {};
          for (const { timeMs, ofServices } of all) {
            if (timeMs <= toMs - width || timeMs > toMs) continue;
            for (const [key, { calls, errors, aborted }] of ofServices) {
              const sum = sums[key] ?? { calls: 0, errors: 0, aborted: 0 };
              sums[key] = sum;
              sum.calls += calls;
              sum.errors += errors;
              sum.aborted += aborted;
            }
          }
          const said = [...window.moveTo(toMs)].map(([key, { calls, errors, aborted }]) => [
            key,
            { calls, errors, aborted },
          ]);
          expect(Object.fromEntries(said)).toEqual(sums);
        }
      }),
    );
  });
});
