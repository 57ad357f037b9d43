import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Trace, traceEvent } from '../../src/transport/trace-event.js';
import { stallsIn, type TraceStall, withStalls } from '../../src/transport/trace-stalls.js';

const EVENT = { timeMs: 1, name: 'tachograph.trace', attributes: [['trace_id', 'a']] } as const;
const PLACE = { function: 'renderInvoice', file: 'src/invoice.js', line: 41, isApproximate: false };

const stall = (startUs: number, durationUs: number, place?: TraceStall['place']): TraceStall => ({
  startUs,
  durationUs,
  place,
});

/** There and back. */
function travelled(stalls: readonly TraceStall[]): ReturnType<typeof stallsIn> {
  return stallsIn(Object.fromEntries(withStalls(EVENT, stalls).attributes));
}

describe('stalls of a trace', () => {
  it('are the same after their way, in the order of their times', () => {
    const native = { ...PLACE, isApproximate: true };
    const stalls = [stall(1, 2, native), stall(10, 200_000, PLACE), stall(400_000, 900_000)];
    expect(travelled([...stalls].reverse())).toEqual({ sumUs: 1_100_002, stalls });
  });

  it('are not told of a trace that has none', () => {
    expect(withStalls(EVENT, [])).toBe(EVENT);
    expect(travelled([])).toEqual({ sumUs: 0, stalls: [] });
  });

  it('that do not fit are left out, the shortest first, and are in the sum', () => {
    const stalls = Array.from({ length: 40 }, (_, i) => stall(i * 1000, i + 1, PLACE));
    const back = travelled(stalls);
    expect(back.sumUs).toBe(820);
    expect(back.stalls.length).toBeGreaterThan(10);
    expect(back.stalls.length).toBeLessThan(40);
    const shortest = Math.min(...back.stalls.map(({ durationUs }) => durationUs));
    expect(shortest).toBeGreaterThan(1);
    expect(back.stalls.at(-1)).toEqual(stalls.at(-1));
  });

  it('lose a place that is too long, not their time', () => {
    const place = { ...PLACE, file: '計'.repeat(256) };
    expect(travelled([stall(0, 5, place)])).toEqual({ sumUs: 5, stalls: [stall(0, 5)] });
  });

  it('fit into the event of the longest trace', () => {
    const names = Array.from({ length: 8 }, (_, i) => [`attribute${i}`, 'x'] as const);
    const spans = Array.from({ length: 128 }, (_, i) => ({
      name: 'db.client.operation.duration',
      attributes: { 'db.query.text': `${'"'.repeat(190)}${i}` },
      startUs: i,
      durationUs: i,
      detail: 1,
      isOpen: true,
    }));
    const trace: Trace = {
      timeMs: 1,
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      parentId: 'c'.repeat(16),
      reason: 'slow',
      attributes: Object.fromEntries(names),
      durationUs: 1000,
      statusCode: 200,
      queries: 128,
      queryTimeUs: 1,
      middlewareTimeUs: 1,
      clientCalls: 1,
      cacheHits: 1,
      cacheMisses: 1,
      spans,
      omitted: 0,
    };
    const stalls = Array.from({ length: 40 }, (_, i) => stall(i * 1000, i + 1, PLACE));
    const { attributes } = withStalls(traceEvent(trace), stalls);
    expect(attributes.length).toBeLessThanOrEqual(64);
    for (const [, value] of attributes) expect(value.length).toBeLessThanOrEqual(1024);
  });

  it('are none where the text is of anybody else’s making', () => {
    const none = { sumUs: 0, stalls: [] };
    for (const text of ['', '[', '[[1]]', '[["a",1]]', '{}', 'null', '[null]', '[[1,2,"a","b"]]']) {
      const attributes = {
        'tachograph.trace.stalls': text,
        'tachograph.trace.stall_time_us': '7',
      };
      expect([text, stallsIn(attributes)]).toEqual([text, none]);
    }
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, sum) => {
        const { sumUs, stalls } = stallsIn({
          'tachograph.trace.stalls': text,
          'tachograph.trace.stall_time_us': sum,
        });
        for (const number of [sumUs, ...stalls.map(({ startUs }) => startUs)]) {
          expect(Number.isFinite(number)).toBe(true);
        }
      }),
    );
  });
});
