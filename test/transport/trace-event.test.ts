import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readTrace,
  type Trace,
  type TraceSpan,
  traceEvent,
} from '../../src/transport/trace-event.js';

const TRACE: Trace = {
  timeMs: 1_700_000_000_000,
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentId: 'c'.repeat(16),
  reason: 'slow',
  attributes: { 'http.request.method': 'GET', 'http.route': '/orders/:id' },
  durationUs: 1_234_567,
  statusCode: 200,
  queries: 2,
  queryTimeUs: 1000,
  middlewareTimeUs: 20,
  clientCalls: 1,
  cacheHits: 3,
  cacheMisses: 0,
  spans: [],
  omitted: 0,
};

const span = (text: string, startUs: number, durationUs: number): TraceSpan => ({
  name: 'db.client.operation.duration',
  attributes: { 'db.query.text': text },
  startUs,
  durationUs,
  detail: 3,
});

/** There and back. */
function travelled(trace: Trace): Trace | undefined {
  const { timeMs, attributes } = traceEvent(trace);
  return readTrace(timeMs, Object.fromEntries(attributes));
}

/** What an agent may send, by the collector's check-texts.ts. */
function expectWithinLimits(trace: Trace): void {
  const { attributes } = traceEvent(trace);
  expect(attributes.length).toBeLessThanOrEqual(64);
  expect(new Set(attributes.map(([name]) => name)).size).toBe(attributes.length);
  for (const [name, value] of attributes) {
    expect(Math.max(name.length, value.length)).toBeLessThanOrEqual(1024);
  }
}

describe('a trace', () => {
  it('is the same after its way', () => {
    const trace = { ...TRACE, spans: [span('SELECT ?', 10, 100), span('SELECT ?', 200, 90)] };
    expect(travelled(trace)).toEqual(trace);
    expect(travelled({ ...TRACE, parentId: undefined })).toEqual({ ...TRACE, parentId: undefined });
  });

  it('says which of its calls were not over, also when others had to be left out', () => {
    const spans = Array.from({ length: 128 }, (_, i) => ({
      ...span(`${'"'.repeat(190)}${i}`, i, i),
      isOpen: i % 2 === 1,
    }));
    expectWithinLimits({ ...TRACE, spans });
    const back = travelled({ ...TRACE, spans })!;
    expect(back.spans.length).toBeLessThan(128);
    for (const { startUs, isOpen } of back.spans) {
      expect([startUs, isOpen ?? false]).toEqual([startUs, startUs % 2 === 1]);
    }
  });

  it('of an agent that counts no reads of caches has none', () => {
    const { timeMs, attributes } = traceEvent(TRACE);
    const older = attributes.filter(([name]) => !name.startsWith('tachograph.trace.cache_'));
    expect(older.length).toBeLessThan(attributes.length);
    expect(readTrace(timeMs, Object.fromEntries(older))).toEqual({ ...TRACE, cacheHits: 0 });
  });

  it('of many spans is cut into texts that a collector takes', () => {
    const spans = Array.from({ length: 128 }, (_, i) => span(`SELECT ? FROM t${i % 10}`, i, 5));
    const trace = { ...TRACE, spans };
    expectWithinLimits(trace);
    expect(travelled(trace)).toEqual(trace);
  });

  it('whose spans do not fit loses the shortest, and says how many', () => {
    const long = '"'.repeat(256);
    const spans = Array.from({ length: 128 }, (_, i) => span(`${long.slice(0, 190)}${i}`, i, i));
    const trace = { ...TRACE, spans, omitted: 2 };
    expectWithinLimits(trace);
    const back = travelled(trace)!;
    expect(back.spans.length).toBeGreaterThan(50);
    expect(back.spans.length + back.omitted).toBe(130);
    expect(Math.min(...back.spans.map(({ durationUs }) => durationUs))).toBe(
      128 - back.spans.length,
    );
  });

  it('fits whatever its texts are', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 300 });
    const spans = fc.array(fc.tuple(texts, fc.nat(), fc.nat()), { maxLength: 128 });
    fc.assert(
      fc.property(spans, (rows) => {
        const trace = {
          ...TRACE,
          spans: rows.map(([text, start, long]) => span(text, start, long)),
        };
        expectWithinLimits(trace);
        const back = travelled(trace)!;
        expect(back.spans.length + back.omitted).toBe(rows.length);
      }),
      { numRuns: 10 },
    );
  });
});

describe('an event that is no trace', () => {
  it.each([
    {},
    { trace_id: 'a' },
    { ...Object.fromEntries(traceEvent(TRACE).attributes), 'tachograph.trace.queries': 'many' },
  ])('is none: %j', (attributes) => {
    expect(readTrace(0, attributes)).toBeUndefined();
  });

  it.each(['', '-1', '1.5', '1e9', 'x', '0 0', '3 '])(
    'has spans whatever is said of them: %j',
    (text) => {
      const attributes = Object.fromEntries(
        traceEvent({ ...TRACE, spans: [span('a', 1, 2)] }).attributes,
      );
      const trace = readTrace(0, { ...attributes, 'tachograph.trace.spans_open': text });
      expect(trace?.spans).toMatchObject([{ startUs: 1, durationUs: 2 }]);
    },
  );

  it.each(['', '[', '[[],[7,1,2,3]]', '[[["a"]],[0,"x",2,3]]', '[{},{}]', 'null'])(
    'has no spans where their text is %s',
    (text) => {
      const attributes = Object.fromEntries(traceEvent(TRACE).attributes);
      expect(readTrace(0, { ...attributes, 'tachograph.trace.spans.00': text })?.spans).toEqual([]);
    },
  );
});
