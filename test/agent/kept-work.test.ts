/** What is kept of a unit of work until its end, and how it is dated and named. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nowMs, wallTimeMs } from '../../src/agent/clock.js';
import { CacheCount } from '../../src/agent/databases/cache-count.js';
import { NO_DETAIL, SPANS_MAX } from '../../src/agent/span-list.js';
import { traceIdsOf } from '../../src/agent/trace-context.js';
import { TraceKeeper } from '../../src/agent/trace-keeper.js';
import { Unit } from '../../src/agent/unit.js';
import { NO_QUERY } from '../../src/shared/query-values.js';
import { type KeptTrace, SPAN_OPEN_US, SPAN_WORDS } from '../../src/shared/worker-protocol.js';

/** Of 16 spans each: 2.5 MiB. */
const BLOCKS_MAX = 8192;
const HOLD_MS = 30_000;

afterEach(() => vi.restoreAllMocks());

/** What is sent of a closed unit that was slow. */
function keptOf(unit: Unit): KeptTrace | undefined {
  const kept: KeptTrace[] = [];
  const keeper = new TraceKeeper({ traceSample: 0, user: [] }, (trace) => kept.push(trace));
  keeper.finish(unit, 7, 110_000, 0, false, { slowUs: 1, queriesMax: 9 });
  return kept[0];
}

describe('a unit', () => {
  it('tells of a query that still runs at its end, and counts side by side once', () => {
    const unit = new Unit(0);
    unit.beginQuery(10);
    unit.beginQuery(20);
    unit.endQuery(30);
    unit.close(110);
    expect([unit.queries, unit.queryBusyMs]).toEqual([2, 100]);
    expect(keptOf(unit)).toMatchObject({ series: 7, queries: 2, queryBusyUs: 100_000 });
  });

  it('tells of a call that was not over at its end, and keeps it as it was then', () => {
    const unit = new Unit(0);
    const [over, open] = [unit.beginSpan(1, 10), unit.beginSpan(2, 20)];
    unit.endSpan(over, 3, 10, 30, 7);
    unit.close(110);
    unit.endSpan(open, 2, 20, 500, 9);
    expect([...keptOf(unit)!.spans]).toEqual([
      ...[3, 10_000, 20_000, 7, NO_QUERY],
      ...[2, 20_000, SPAN_OPEN_US, NO_DETAIL, NO_QUERY],
    ]);
    unit.release();
  });

  it('whose list is full counts what begins once, and leaves the list alone', () => {
    const unit = new Unit(0);
    const places = Array.from({ length: SPANS_MAX + 2 }, (_, i) => unit.beginSpan(i, 0));
    for (const [i, place] of places.entries()) unit.endSpan(place, i, 0, 1, NO_DETAIL);
    const { spans, omitted } = keptOf(unit)!;
    expect([spans.length / SPAN_WORDS, omitted]).toEqual([SPANS_MAX, 2]);
    const series = spans.filter((_, i) => i % SPAN_WORDS === 0);
    expect([...series]).toEqual(Array.from({ length: SPANS_MAX }, (_, i) => i));
    unit.release();
  });

  it('takes no list for what begins after its end', () => {
    const unit = new Unit(0);
    unit.close(1);
    unit.endSpan(unit.beginSpan(1, 2), 1, 2, 3, NO_DETAIL);
    expect([unit.spans, unit.spansLost]).toEqual([undefined, 0]);
  });

  it('tells what was asked of caches for it', () => {
    const unit = new Unit(0);
    const reads = new CacheCount({ record: () => {}, series: () => 0 } as never, 'redis');
    reads.add(unit, 3, 0);
    reads.add(unit, 0, 1);
    unit.close(1);
    reads.add(unit, 5, 5);
    expect(keptOf(unit)).toMatchObject({ cacheHits: 3, cacheMisses: 1 });
  });
});

describe('the spans of units', () => {
  const open: Unit[] = [];
  /** A unit of `spans` calls, the last of which ends at `endMs`. */
  const unitOf = (spans: number, endMs = 0): Unit => {
    const unit = new Unit(endMs);
    for (let i = 0; i < spans; i++) unit.addSpan(i, endMs, endMs, 0);
    open.push(unit);
    return unit;
  };
  const opened = (count: number, spans: number, endMs = 0): Unit[] =>
    Array.from({ length: count }, () => unitOf(spans, endMs));
  const kept = ({ spans }: Unit): number => (spans?.copy().length ?? 0) / SPAN_WORDS;
  const omitted = ({ spans, spansLost }: Unit): number => (spans?.omitted ?? 0) + spansLost;

  afterEach(() => {
    for (const unit of open.splice(0)) unit.release();
  });

  it('are kept in order up to 128, however many there are, and the others counted', () => {
    for (const spans of [1, 16, 17, 127, 128]) {
      const unit = unitOf(spans);
      const series = unit.spans!.copy().filter((_, i) => i % SPAN_WORDS === 0);
      expect([...series]).toEqual(Array.from({ length: spans }, (_, i) => i));
      expect(omitted(unit)).toBe(0);
    }
    expect([kept(unitOf(131)), omitted(unitOf(131))]).toEqual([128, 3]);
  });

  it('of thousands of event streams leave room for all other requests', () => {
    opened(4000, 1);
    const others = opened(300, 128);
    expect(others.map(kept)).toEqual(others.map(() => 128));
  });

  it('of a unit that gave them back are no longer its own to end', () => {
    const stream = new Unit(0);
    open.push(stream);
    const place = stream.beginSpan(1, 0);
    opened(BLOCKS_MAX - 1, 1, HOLD_MS);
    // Each looks at a few of those that have some.
    const others = opened(BLOCKS_MAX / 8 + 1, 1, HOLD_MS);
    const other = others.find((unit) => kept(unit) > 0)!;
    expect([kept(stream), omitted(stream)]).toEqual([0, 1]);
    stream.endSpan(place, 2, 0, HOLD_MS, 7);
    expect([...other.spans!.copy()]).toEqual([0, 0, 0, 0, NO_QUERY]);
  });

  it('of units that last for ever are given back when there is no room, and counted', () => {
    const streams = opened(BLOCKS_MAX, 1);
    const soon = unitOf(20, HOLD_MS - 1);
    expect([kept(soon), omitted(soon)]).toEqual([0, 20]);
    const later = unitOf(20, HOLD_MS);
    expect([kept(later), omitted(later)]).toEqual([20, 0]);
    expect(streams.filter((unit) => kept(unit) === 0).map(omitted)).toEqual([1, 1]);
  });

  it('of a unit that lasts for ever are not kept again once they were given back', () => {
    const stream = unitOf(16);
    const others = opened(BLOCKS_MAX - 1, 1, HOLD_MS);
    // Each call that finds no room looks at a few of those that have some.
    const calls = BLOCKS_MAX / 8 + 1;
    for (let i = 0; i < calls; i++) stream.addSpan(1, 0, HOLD_MS, 0);
    expect([kept(stream), omitted(stream)]).toEqual([0, 16 + calls]);
    stream.release();
    expect(others.map(kept)).toEqual(others.map(() => 1));
    expect(kept(unitOf(16, HOLD_MS))).toBe(16);
  });

  it('are bounded in all, and there is room again when units have ended', () => {
    const units = opened(BLOCKS_MAX / 8 + 1, 128);
    expect(units.map(kept).reduce((sum, count) => sum + count)).toBe(BLOCKS_MAX * 16);
    expect(omitted(units.at(-1)!)).toBe(128);
    for (const unit of units) unit.release();
    expect(kept(unitOf(128))).toBe(128);
  });

  it('are those of one unit alone, whatever was in their room before', () => {
    for (const unit of opened(50, 40)) unit.release();
    const units = opened(50, 24);
    for (const [i, unit] of units.entries()) unit.addSpan(1000 + i, 0, 0, i);
    const last = units.map(({ spans }) => [...spans!.copy().slice(24 * SPAN_WORDS)]);
    expect(last).toEqual(units.map((_, i) => [1000 + i, 0, 0, i, NO_QUERY]));
  });
});

describe('ids of traces', () => {
  it('differ, and take nothing from the application’s random numbers', () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    const ids = new Set(Array.from({ length: 1000 }, () => traceIdsOf(new Unit(0)).traceId));
    expect(ids.size).toBe(1000);
    for (const id of ids) expect(id).toMatch(/^(?!0+$)[\da-f]{32}$/);
    expect(random).not.toHaveBeenCalled();
  });
});

it('a moment is dated by the wall clock as it is now', () => {
  const before = Date.now();
  const dated = wallTimeMs(nowMs() - 1000);
  expect(dated).toBeGreaterThanOrEqual(before - 1000.5);
  expect(dated).toBeLessThanOrEqual(Date.now() - 999);
});
