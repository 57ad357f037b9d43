/** What is kept of a unit of work until its end, and how it is dated and named. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nowMs, wallTimeMs } from '../../src/agent/clock.js';
import { CacheCount } from '../../src/agent/databases/cache-count.js';
import { NO_DETAIL, SPANS_MAX, SpanList } from '../../src/agent/span-list.js';
import { traceIdsOf } from '../../src/agent/trace-context.js';
import { TraceKeeper } from '../../src/agent/trace-keeper.js';
import { Unit } from '../../src/agent/unit.js';
import { type KeptTrace, SPAN_OPEN_US, SPAN_WORDS } from '../../src/shared/worker-protocol.js';

const LENT_MAX = 1000;

afterEach(() => vi.restoreAllMocks());

/** What is sent of a closed unit that was slow. */
function keptOf(unit: Unit): KeptTrace | undefined {
  const kept: KeptTrace[] = [];
  const keeper = new TraceKeeper({ traceSample: 0 }, (trace) => kept.push(trace));
  keeper.offer(unit, 7, 110_000, 0, false, { slowUs: 1, queriesMax: 9 });
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
      ...[3, 10_000, 20_000, 7],
      ...[2, 20_000, SPAN_OPEN_US, NO_DETAIL],
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

  it('goes without spans where thousands are open, and has them again afterwards', () => {
    const units = Array.from({ length: LENT_MAX + 1 }, () => new Unit(0));
    for (const unit of units) unit.addSpan(1, 0, 1, 0);
    const without = units.filter(({ spans }) => spans === undefined);
    expect(without.map(({ spansLost }) => spansLost)).toEqual([1]);
    for (const unit of units) unit.release();
    const next = SpanList.take();
    expect(next?.copy()).toHaveLength(0);
    next?.release();
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
