/** Where queries are made: told while the worker asks, by the call it asks for, and never else. */
import { describe, expect, it } from 'vitest';
import { Unit } from '../../src/agent/unit.js';
import { openPlaces } from './open-places.js';

const SERIES = 3;

describe('a place', () => {
  it('is not looked for until it is wanted, nor once it is known', () => {
    const { reader, places } = openPlaces();
    const unit = new Unit(0);
    expect(places.isAnyWanted).toBe(false);
    places.meet(unit, SERIES);
    reader.want(SERIES, 1);
    expect(places.isAnyWanted).toBe(true);
    reader.want(SERIES, 0);
    expect(places.isAnyWanted).toBe(false);
    places.meet(unit, SERIES);
    expect(unit.places).toBeUndefined();
  });

  it('is that of the call that was asked for, once a unit', () => {
    const { reader, places } = openPlaces();
    const unit = new Unit(0);
    reader.want(SERIES, 3);
    for (let i = 1; i <= 5; i++) {
      places.meet(unit, SERIES);
      expect(unit.places?.length ?? 0).toBe(i < 3 ? 0 : 1);
    }
    places.meet(unit, SERIES + 1);
    expect(unit.places).toMatchObject([{ series: SERIES }]);
    const files = unit.places![0]!.frames.map(([, file]) => file);
    expect(files.some((file) => file.endsWith('query-places.test.ts'))).toBe(true);
  });

  it('of what is asked of a pool, which hands it over later, counts as one call', () => {
    const { reader, places } = openPlaces();
    reader.want(SERIES, 5);
    const oneByOne = new Unit(0);
    for (let i = 1; i <= 6; i++) {
      places.meetAsked(oneByOne, SERIES);
      expect(oneByOne.places?.length ?? 0).toBe(i < 5 ? 0 : 1);
      places.meet(oneByOne, SERIES);
    }
    const atOnce = new Unit(0);
    for (let i = 1; i <= 5; i++) places.meetAsked(atOnce, SERIES);
    expect(atOnce.places).toHaveLength(1);
    const mixed = new Unit(0);
    for (let i = 1; i <= 4; i++) places.meet(mixed, SERIES);
    expect(mixed.places).toBeUndefined();
    places.meetAsked(mixed, SERIES);
    expect(mixed.places).toHaveLength(1);
  });

  it('leaves the application’s own way of stacks alone', () => {
    const { reader, places } = openPlaces();
    reader.want(SERIES, 1);
    const before = [Error.prepareStackTrace, Error.stackTraceLimit];
    const unit = new Unit(0);
    places.meet(unit, SERIES);
    expect(unit.places).toHaveLength(1);
    expect([Error.prepareStackTrace, Error.stackTraceLimit]).toEqual(before);
  });

  it('of a query that no unit makes is told at once', () => {
    const { reader, places, told } = openPlaces();
    reader.want(SERIES, 1);
    places.meet(undefined, SERIES);
    expect(told).toMatchObject([{ series: undefined, places: [{ series: SERIES }] }]);
  });

  it('is bounded in how often it is looked for', () => {
    const { reader, places } = openPlaces();
    reader.want(SERIES, 1);
    const units = Array.from({ length: 100 }, () => new Unit(0));
    for (const unit of units) places.meet(unit, SERIES);
    expect(units.filter((unit) => unit.places !== undefined).length).toBeLessThan(30);
  });
});
