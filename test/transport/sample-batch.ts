/** Batches as the worker makes them, with real histograms. */
import type { Batch, Series } from '../../src/transport/batch.js';
import type { BatchDraft } from '../../src/transport/batch-draft.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import { encodeHdrPayload } from '../../src/transport/hdr-payload.js';
import type { Parcel } from '../../src/transport/sender.js';
import { Int32Histogram } from './hdr-library.js';

export const BOOT = '0b9f6a1e-3c52-4d0b-9a55-7f5f8f2f1c11';
export const START_MS = 1_700_000_000_000;

export const ROUTE_SERIES: Series = {
  name: 'http.server.request.duration',
  kind: 'histogram',
  unit: 's',
  scale: 1_000_000,
  attributes: [
    ['http.request.method', 'GET'],
    ['http.response.status_class', '2xx'],
    ['http.route', '/orders/:id'],
  ],
};

export function histogramPoint(series: Series, values: readonly number[]) {
  const histogram = new Int32Histogram(1, 4_294_967_295_000, 2);
  let sum = 0;
  for (const value of values) {
    histogram.recordValue(value);
    sum += value;
  }
  return {
    series,
    count: values.length,
    sum,
    min: Math.min(...values),
    max: Math.max(...values),
    payload: encodeHdrPayload(histogram),
  };
}

/** A batch of `records` requests, with a counter, a gauge and an event. */
export function sampleBatch(sequence = 1, records = 5, routes = 1): Batch {
  const histograms = Array.from({ length: routes }, (_, route) => {
    const attributes = ROUTE_SERIES.attributes.map(([name, value]): [string, string] => [
      name,
      name === 'http.route' && route > 0 ? `/route/${route}/:id` : value,
    ]);
    const series = { ...ROUTE_SERIES, attributes };
    return histogramPoint(
      series,
      Array.from({ length: records }, (_, i) => 1200 + 37 * i * i),
    );
  });
  return {
    identity: { agent: 'shop-1:4711', boot: BOOT, sequence },
    resource: [
      ['host.name', 'shop-1'],
      ['service.name', 'shop'],
      ['service.version', '2.4.1'],
    ],
    startMs: START_MS + sequence * 10_000,
    durationMs: 10_000,
    closedMs: START_MS + sequence * 10_000 + 10_004,
    records: records * routes,
    histograms,
    counters: [
      {
        series: {
          name: 'process.cpu.time',
          kind: 'counter',
          unit: 's',
          scale: 1_000_000,
          attributes: [['cpu.mode', 'user']],
        },
        value: 1_250_000,
      },
    ],
    gauges: [
      {
        series: {
          name: 'process.memory.usage',
          kind: 'gauge',
          unit: 'By',
          scale: 1,
          attributes: [],
        },
        count: 5,
        sum: 26_000_000_000,
        min: 5_100_000_000,
        max: 5_300_000_000,
        last: 5_200_000_000,
      },
    ],
    events: [{ timeMs: START_MS + 3, name: 'agent.start', attributes: [['reason', 'boot']] }],
    ledger: {
      recorded: records * routes + 7,
      delivered: 0,
      pending: records * routes + 5,
      dropped: { ring_full: 2 },
    },
  };
}

export function sampleParcel(sequence = 1, records = 5, boot = BOOT): Parcel {
  const batch = sampleBatch(sequence, records);
  const identity = { ...batch.identity, boot };
  const { closedMs } = batch;
  return { identity, records, closedMs, body: encodeBatch({ ...batch, identity }) };
}

/** What the worker offers: `recorded` as if every batch before had as many records. */
export function sampleDraft(sequence = 1, records = 5): BatchDraft {
  const batch = sampleBatch(sequence, records);
  const ledger = { recorded: sequence * records, dropped: {}, outside: 0 };
  return { ...batch, ledger };
}
