/** Which units are looked into, how many, and what they stand for. */
import { describe, expect, it } from 'vitest';
import { NO_DETAIL } from '../../src/agent/span-list.js';
import { Suspects } from '../../src/agent/suspects.js';
import { Unit } from '../../src/agent/unit.js';
import { NO_QUERY, valuesWord } from '../../src/shared/query-values.js';
import { SPAN_WORDS, type Suspect } from '../../src/shared/worker-protocol.js';

/** A closed unit with queries, each of a series and with values. */
function unitOf(queries: readonly (readonly [series: number, values: number])[]): Unit {
  const unit = new Unit(0);
  for (const [series, values] of queries) {
    unit.beginQuery(0);
    unit.endSpan(unit.beginSpan(series, 0), series, 0, 1, NO_DETAIL, values);
    unit.endQuery(1);
  }
  unit.close(2);
  return unit;
}

const words = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => valuesWord((i + 1) << 8, 1));

function suspectsOf(units: readonly Unit[]): Suspect[] {
  const sent: Suspect[] = [];
  const suspects = new Suspects((suspect) => sent.push(suspect));
  for (const unit of units) {
    suspects.look(unit, 7, 2000, undefined);
    unit.release();
  }
  return sent;
}

describe('a suspect', () => {
  const loop = words(5).map((values) => [3, values] as const);

  it('is a unit that makes a statement five times, with its spans', () => {
    const [suspect] = suspectsOf([unitOf(loop)]);
    expect(suspect).toMatchObject({
      series: 7,
      durationUs: 2000,
      queries: 5,
      weight: 1,
      places: [],
    });
    expect(suspect!.spans).toHaveLength(5 * SPAN_WORDS);
    expect(suspectsOf([unitOf(loop.slice(1))])).toEqual([]);
  });

  it('is one that asks the same three times, and not one whose values nobody knows', () => {
    const same = valuesWord(1 << 8, 1);
    expect(suspectsOf([unitOf(Array(3).fill([3, same]))])).toHaveLength(1);
    expect(suspectsOf([unitOf(Array(3).fill([3, valuesWord(0, 1)]))])).toEqual([]);
  });

  it('is none for what is no query, however often', () => {
    expect(suspectsOf([unitOf(Array(9).fill([3, NO_QUERY]))])).toEqual([]);
  });

  it('is one of which something is notable, and one with very many queries', () => {
    const notable = unitOf([[3, valuesWord(1 << 8, 1)]]);
    notable.isNotable = true;
    const many = unitOf(words(21).map((values, i) => [i, values] as const));
    expect(suspectsOf([notable, many])).toHaveLength(2);
  });

  it('stands for those of its kind that were not sent', () => {
    const sent: Suspect[] = [];
    const suspects = new Suspects((suspect) => sent.push(suspect));
    for (let i = 0; i < 50; i++) suspects.look(unitOf(loop), 7, 2000, undefined);
    expect(sent.length).toBeLessThan(10);
    const rare = unitOf(loop);
    suspects.look(rare, 8, 2000, undefined);
    expect(sent.at(-1)).toMatchObject({ series: 8, weight: 1 });
    const asked = unitOf(loop);
    asked.places = [{ series: 3, frames: [] }];
    suspects.look(asked, 7, 2000, undefined);
    // Who was asked for a place is always sent, and brings what was skipped.
    const ofBusy = sent.filter(({ series }) => series === 7);
    expect(ofBusy.reduce((sum, { weight }) => sum + weight, 0)).toBe(51);
  });

  it('does not stand for another series that shares its bucket', () => {
    const sent: Suspect[] = [];
    const suspects = new Suspects((suspect) => sent.push(suspect));
    const look = (series: number, isAsked = false): void => {
      const unit = unitOf(loop);
      if (isAsked) unit.places = [{ series: 3, frames: [] }];
      suspects.look(unit, series, 2000, undefined);
    };
    for (let i = 0; i < 50; i++) look(7);
    look(7 + 64, true);
    expect(sent.at(-1)).toMatchObject({ series: 7 + 64, weight: 1 });
    look(7, true);
    expect(sent.at(-1)!.weight).toBeGreaterThan(40);
    look(7);
    look(7 + 64);
    look(7, true);
    expect(sent.at(-1)).toMatchObject({ series: 7, weight: 1 });
    look(7 + 64, true);
    expect(sent.at(-1)).toMatchObject({ series: 7 + 64, weight: 2 });
  });
});
