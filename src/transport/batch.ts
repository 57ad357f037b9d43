/**
 * What a batch says, as plain data: the product of the worker, the food of the collector. The bytes
 * it becomes are in `encode-batch.ts`; docs/reference/wire-format.md is the specification.
 */
import type { MetricKind } from '../shared/metric.js';

export const WIRE_VERSION = 1;
export const CONTENT_TYPE = 'application/msgpack';

/** Headers that let a receiver refuse a duplicate before it decodes the body. */
export const AGENT_HEADER = 'tachograph-agent';
export const BOOT_HEADER = 'tachograph-boot';
export const SEQUENCE_HEADER = 'tachograph-sequence';
/** The sender's clock when it sent the request, Unix ms: a receiver sees by it how clocks differ. */
export const SENT_HEADER = 'tachograph-sent';

/** Attribute names and values in a fixed order: sorted by name. */
export type Attributes = readonly (readonly [name: string, value: string])[];

export interface Series {
  readonly name: string;
  readonly kind: MetricKind;
  /** UCUM unit of `value / scale`. */
  readonly unit: string;
  readonly scale: number;
  readonly attributes: Attributes;
}

/** Values are integers of `1 / series.scale` of the unit. `payload` is HdrHistogram V2, uncompressed. */
export interface HistogramPoint {
  readonly series: Series;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly payload: Uint8Array;
}

/** What was added during the window. */
export interface CounterPoint {
  readonly series: Series;
  readonly value: number;
}

/** The samples taken during the window, folded. */
export interface GaugePoint {
  readonly series: Series;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

/** Something rare and whole: a start, a stop, an overflow; later a slow trace or a stall. */
export interface BatchEvent {
  readonly timeMs: number;
  readonly name: string;
  readonly attributes: Attributes;
}

/**
 * The loss account at the moment the batch was closed, cumulative since the process began.
 * `recorded = delivered + dropped + pending`, where `pending` includes this batch's own records.
 */
export interface Ledger {
  readonly recorded: number;
  /** Records of batches acknowledged before this one was closed. */
  readonly delivered: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
}

export interface BatchIdentity {
  /** `host:pid`, for people. */
  readonly agent: string;
  /** A UUID drawn at start: the `service.instance.id`. */
  readonly boot: string;
  /** 1, 2, 3 … within a boot. From 2^52 on it is a part of a refused batch: `split-batch.ts`. */
  readonly sequence: number;
}

export interface Batch {
  readonly identity: BatchIdentity;
  /** OpenTelemetry resource attributes: service.name, host.name, process.pid … */
  readonly resource: Attributes;
  /** Start of the window, Unix ms, by the sender's clock. */
  readonly startMs: number;
  readonly durationMs: number;
  /** The sender's clock when the batch was closed, Unix ms. */
  readonly closedMs: number;
  /** Records folded into this batch. */
  readonly records: number;
  readonly histograms: readonly HistogramPoint[];
  readonly counters: readonly CounterPoint[];
  readonly gauges: readonly GaugePoint[];
  readonly events: readonly BatchEvent[];
  readonly ledger: Ledger;
}
