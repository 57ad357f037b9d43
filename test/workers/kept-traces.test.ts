import { describe, expect, it } from 'vitest';
import { type KeptTrace, SPAN_OPEN_US } from '../../src/shared/worker-protocol.js';
import type { Series } from '../../src/transport/batch.js';
import { readTrace } from '../../src/transport/trace-event.js';
import { stallsIn, type TraceStall } from '../../src/transport/trace-stalls.js';
import { KeptTraces } from '../../src/workers/kept-traces.js';
import { createUserHash } from '../../src/workers/user-hash.js';

const TRACE: KeptTrace = {
  reason: 'slow',
  series: 0,
  timeMs: 1_700_000_000_000,
  startMs: 5000,
  durationUs: 2_000_000,
  statusCode: 200,
  queries: 1,
  queryBusyUs: 10,
  middlewareUs: 0,
  clientCalls: 0,
  cacheHits: 3,
  cacheMisses: 1,
  spans: new Int32Array(0),
  omitted: 0,
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  parentId: undefined,
  user: undefined,
};
const STALL: TraceStall = { startUs: 1000, durationUs: 300_000, place: undefined };

const series = (_threadId: number, id: number): Series => ({
  name: `metric.${id}`,
  kind: 'histogram',
  unit: 's',
  scale: 1e6,
  attributes: [],
});

const noHash = (user: string): string => {
  throw new Error(`expected no user, got ${user}`);
};

const attributesOf = (traces: KeptTraces): Record<string, string>[] =>
  traces.events.map(({ attributes }) => Object.fromEntries(attributes));

describe('traces of a window', () => {
  it('tell of a call that was not over at their end, as long as it had lasted', () => {
    const traces = new KeptTraces(series, () => [], noHash);
    const spans = new Int32Array([1, 500, 20, 7, 99, 2, 1_500_000, SPAN_OPEN_US, -1, 0]);
    traces.add({ type: 'trace', threadId: 0, trace: { ...TRACE, spans } });
    expect(readTrace(0, attributesOf(traces)[0]!)).toMatchObject({
      cacheHits: 3,
      cacheMisses: 1,
      spans: [
        { name: 'metric.1', startUs: 500, durationUs: 20, detail: 7 },
        { name: 'metric.2', startUs: 1_500_000, durationUs: 500_000, detail: -1, isOpen: true },
      ],
    });
  });

  it('tell of the blocks that fell into their time, also of those that become known later', () => {
    let known: TraceStall[] = [];
    const asked: number[][] = [];
    const stallsWithin = (...times: number[]): TraceStall[] => {
      asked.push(times);
      return known;
    };
    const traces = new KeptTraces(series, stallsWithin, noHash);
    traces.add({ type: 'trace', threadId: 0, trace: TRACE });
    expect(attributesOf(traces)[0]).not.toHaveProperty('tachograph.trace.stalls');
    known = [STALL];
    expect(stallsIn(attributesOf(traces)[0]!)).toEqual({ sumUs: 300_000, stalls: [STALL] });
    expect(asked.at(-1)).toEqual([5000, 7000]);
    traces.reset();
    expect(traces.events).toEqual([]);
  });

  it('tell whose request it was by nothing but the hash', () => {
    const traces = new KeptTraces(series, () => [], createUserHash('salt of the shop'));
    traces.add({ type: 'trace', threadId: 0, trace: { ...TRACE, user: 'ada@example.com' } });
    const [told] = attributesOf(traces);
    // printf ada@example.com | openssl dgst -sha256 -hmac 'salt of the shop', the first 16 digits
    expect(readTrace(0, told!)?.attributes).toEqual({ 'user.hash': 'f6de032fb5ccb020' });
    expect(JSON.stringify(traces.events)).not.toContain('ada');
  });

  it('of other threads know nothing of the main thread’s blocks', () => {
    const traces = new KeptTraces(series, () => [STALL], noHash);
    traces.add({ type: 'trace', threadId: 3, trace: TRACE });
    expect(stallsIn(attributesOf(traces)[0]!).stalls).toEqual([]);
  });
});
