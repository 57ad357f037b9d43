/**
 * What probes talk to: series in, numbers out. One per application thread; it owns the interning
 * table, which is bounded by the series limit, and the types of errors, which applications make up.
 * `record` is on the hot path.
 */
import { QUERY_TEXT } from '../shared/database-metrics.js';
import { type Metric, OTHER } from '../shared/metric.js';
import { NO_SERIES, STATEMENT_LENGTH_MAX } from '../shared/ring-layout.js';
import { BoundedNames } from './layers/bounded-names.js';
import type { RingWriter } from './ring-writer.js';

/**
 * Attribute values in the order of `metric.attributes`; undefined leaves one out. The thread's slot,
 * always the last, is left to the reader of the ring.
 */
export type AttributeValues = readonly (string | undefined)[];

/** Longest attribute value that leaves the process; longer ones are cut. */
const VALUE_LENGTH_MAX = 256;
const ERROR_TYPE = 'error.type';

export class Recorder {
  readonly #ring: RingWriter;
  readonly #seriesMax: number;
  readonly #onOverflow: () => void;
  readonly #ids = new Map<string, number>();
  readonly #errorTypes = new BoundedNames('_OTHER');

  constructor(ring: RingWriter, seriesMax: number, onOverflow: () => void) {
    this.#ring = ring;
    this.#seriesMax = seriesMax;
    this.#onOverflow = onOverflow;
  }

  /**
   * The id of a series, the same for the same metric and values. Past the limit it is the id of the
   * metric's `(other)` series, so that totals stay right. Callers keep ids; this is not the hot path.
   */
  series(metric: Metric, values: AttributeValues = []): number {
    const bounded = values.map((value, i) => this.#bound(value, metric.attributes[i]));
    const key = `${metric.name}\0${bounded.join('\0')}`;
    return this.#ids.get(key) ?? this.#intern(metric, bounded, key);
  }

  /** Records one value of a series: a whole number of `1 / metric.scale` of the unit. */
  record(series: number, value: number): void {
    this.#ring.record(series, value);
  }

  /** As `record`, but not to be seen before `publish`: for what is recorded together. */
  stage(series: number, value: number): void {
    this.#ring.stage(series, value);
  }

  publish(): void {
    this.#ring.publish();
  }

  /** What is wanted to be known of queries: see ring-writer.ts. */
  get isAnyWanted(): boolean {
    return this.#ring.isAnyWanted;
  }

  wanted(series: number): number {
    return this.#ring.wanted(series);
  }

  /** A garbage collection took so long: by this a stall is told from one that code caused. */
  addGc(durationUs: number): void {
    this.#ring.addGc(durationUs);
  }

  /** The type of an error becomes `_OTHER` past as many as are told apart. */
  #bound(value: string | undefined, attribute: string | undefined): string | undefined {
    const bounded = bound(value, attribute);
    if (attribute !== ERROR_TYPE || bounded === undefined || bounded === OTHER) return bounded;
    return this.#errorTypes.take(bounded);
  }

  /** Declares a new series, or lends it the overflow series of its metric. */
  #intern(metric: Metric, values: AttributeValues, key: string): number {
    // A metric without attributes is its own overflow series: one a metric, always accepted.
    const isOverflow = values.every((value) => value === OTHER);
    const isFull = this.#ids.size >= this.#seriesMax && !isOverflow;
    if (isFull || !this.#define(metric, values, isOverflow)) {
      this.#onOverflow();
      // The key is not kept: the table must not grow with what it refuses.
      return isOverflow
        ? NO_SERIES
        : this.series(
            metric,
            metric.attributes.map(() => OTHER),
          );
    }
    const id = this.#ids.size;
    this.#ids.set(key, id);
    return id;
  }

  /** Puts the definition where the consumer finds it before the first record. False when full. */
  #define(metric: Metric, values: AttributeValues, isOverflow: boolean): boolean {
    const attributes: string[] = [];
    metric.attributes.forEach((name, index) => {
      const value = values[index];
      if (value !== undefined) attributes.push(name, value);
    });
    const { name, kind, unit, scale } = metric;
    const definition = [this.#ids.size, name, kind, unit, scale, attributes];
    return this.#ring.define(JSON.stringify(definition), isOverflow);
  }
}

/** Cut to the limit, and without the half of a character that a cut or a hostile client leaves. */
function bound(value: string | undefined, attribute: string | undefined): string | undefined {
  const lengthMax = attribute === QUERY_TEXT ? STATEMENT_LENGTH_MAX : VALUE_LENGTH_MAX;
  return (value?.slice(0, lengthMax) as WellFormable | undefined)?.toWellFormed();
}

/** ES2024, in Node since 20.0; not in the library of the target. */
type WellFormable = string & { toWellFormed(): string };
