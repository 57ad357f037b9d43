/** Batches as an agent of this version makes them, from real histograms of hdr-histogram-js. */
import { createRequire } from 'node:module';
import type {
  Attributes,
  Batch,
  HistogramPoint,
  Ledger,
  Series,
} from '../../src/transport/batch.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import { encodeHdrPayload, type HdrSource } from '../../src/transport/hdr-payload.js';

const require = createRequire(import.meta.url);

export interface JsHistogram extends HdrSource {
  recordValue(value: number): void;
  readonly totalCount: number;
}
export const Int32Histogram = require('hdr-histogram-js/dist/Int32Histogram.js').default as new (
  lowest: number,
  highest: number,
  digits: number,
) => JsHistogram;

export const DURATION = 'http.server.request.duration';
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export function payloadOf(values: readonly number[], digits = 2): Uint8Array {
  const histogram = new Int32Histogram(1, 2 ** 42, digits);
  for (const value of values) histogram.recordValue(value);
  return encodeHdrPayload(histogram);
}

export function histogramOf(series: Series, values: readonly number[]): HistogramPoint {
  return {
    series,
    count: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    payload: payloadOf(values),
  };
}

export function durationSeries(attributes: Attributes = []): Series {
  return { name: DURATION, kind: 'histogram', unit: 's', scale: 1_000_000, attributes };
}

export function routeSeries(route: string): Series {
  return durationSeries([
    ['http.request.method', 'GET'],
    ['http.route', route],
  ]);
}

export interface BatchParts {
  readonly agent?: string;
  readonly boot?: string;
  readonly sequence?: number;
  readonly service?: string;
  readonly version?: string;
  readonly startMs: number;
  readonly records?: number;
  /** Values in µs by route. */
  readonly routes?: Readonly<Record<string, readonly number[]>>;
  readonly histograms?: readonly HistogramPoint[];
  readonly counters?: Batch['counters'];
  readonly gauges?: Batch['gauges'];
  readonly events?: Batch['events'];
  readonly ledger?: Ledger;
  readonly closedMs?: number;
}

export function makeBatch(parts: BatchParts): Batch {
  const { startMs, sequence = 1, routes = {} } = parts;
  const histograms = [
    ...Object.entries(routes).map(([route, values]) => histogramOf(routeSeries(route), values)),
    ...(parts.histograms ?? []),
  ];
  const records = parts.records ?? histograms.reduce((sum, { count }) => sum + count, 0);
  return {
    identity: { agent: parts.agent ?? 'host:1', boot: parts.boot ?? 'boot-1', sequence },
    resource: [
      ['deployment.environment.name', 'test'],
      ['host.name', 'host'],
      ['service.instance.id', parts.boot ?? 'boot-1'],
      ['service.name', parts.service ?? 'shop'],
      ['service.version', parts.version ?? '1.0'],
    ],
    startMs,
    durationMs: 10_000,
    closedMs: parts.closedMs ?? startMs + 10_000,
    records,
    histograms,
    counters: parts.counters ?? [],
    gauges: parts.gauges ?? [],
    events: parts.events ?? [],
    ledger: parts.ledger ?? {
      recorded: records * sequence,
      delivered: records * (sequence - 1),
      pending: records,
      dropped: {},
    },
  };
}

/** Sends a batch as an agent does; `init` changes the request. */
export async function send(
  url: string,
  batch: Batch,
  init: { headers?: Record<string, string>; body?: Uint8Array } = {},
): Promise<Response> {
  const { agent, boot, sequence } = batch.identity;
  return await fetch(`${url}/v1/batches`, {
    method: 'POST',
    body: (init.body ?? encodeBatch(batch)) as Uint8Array<ArrayBuffer>,
    headers: {
      'content-type': 'application/msgpack',
      'tachograph-agent': agent,
      'tachograph-boot': boot,
      'tachograph-sequence': String(sequence),
      ...init.headers,
    },
  });
}

/** The smallest value with at least ceil(p × count) values at or below it. */
export function exactPercentile(values: readonly number[], permille: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((permille * sorted.length) / 1000));
  return sorted[rank - 1] as number;
}
