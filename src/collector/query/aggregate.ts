/**
 * Rows of a group folded, and the fold as the numbers of an answer. Owns histogram memory: one
 * aggregate a group and one for its current step.
 */
import type { MetricKind } from '../../shared/metric.js';
import { PointFold } from '../store/point-fold.js';
import { valuesOf } from '../store/rollup.js';
import type { SqlRow } from '../store/sql-driver.js';
import type { Stats } from './query-request.js';

/** In thousandths, ascending; the names are those of `HistogramStats`. */
const PERMILLES = [500, 900, 950, 990, 999] as const;
const UNASKED: readonly number[] = PERMILLES.map(() => Number.NaN);
type Percentiles = [p50: number, p90: number, p95: number, p99: number, p99_9: number];

export interface StatsOptions {
  readonly kind: MetricKind;
  readonly scale: number;
  /** Time the aggregate covers, for rates. */
  readonly durationMs: number;
  readonly histogram: boolean;
  readonly bounds: readonly number[] | undefined;
  /** Else they are NaN. */
  readonly percentiles: boolean;
}

export class Aggregate {
  readonly #fold = new PointFold();
  /** Newest samples: their sum and number, of the series that have one at `#lastMs`. */
  #lastMs: number = Number.NEGATIVE_INFINITY;
  #lastSum = 0;
  #lastCount = 0;

  get isEmpty(): boolean {
    return this.#fold.isEmpty;
  }

  get sum(): number {
    return this.#fold.sum;
  }

  add(row: SqlRow): void {
    const values = valuesOf(row);
    this.#fold.add(values);
    if (values.lastMs > this.#lastMs) {
      this.#lastMs = values.lastMs;
      this.#lastSum = 0;
      this.#lastCount = 0;
    }
    if (values.lastMs === this.#lastMs) {
      this.#lastSum += values.last;
      this.#lastCount += 1;
    }
  }

  /** Adds what another one holds, which stays as it is. */
  merge(other: Aggregate): void {
    this.#fold.merge(other.#fold);
    if (other.#lastMs < this.#lastMs) return;
    const isNewer = other.#lastMs > this.#lastMs;
    this.#lastMs = other.#lastMs;
    this.#lastSum = other.#lastSum + (isNewer ? 0 : this.#lastSum);
    this.#lastCount = other.#lastCount + (isNewer ? 0 : this.#lastCount);
  }

  clear(): void {
    this.#fold.clear();
    this.#lastMs = Number.NEGATIVE_INFINITY;
    this.#lastSum = 0;
    this.#lastCount = 0;
  }

  stats({ kind, scale, durationMs, histogram, bounds, percentiles }: StatsOptions): Stats {
    const { count, sum, min, max } = this.#fold;
    const seconds = durationMs / 1000;
    const mean = sum / count / scale;
    switch (kind) {
      case 'counter':
        return { value: sum / scale, rate: sum / scale / seconds };
      case 'gauge':
        return {
          last: this.#lastSum / this.#lastCount / scale,
          mean,
          min: min / scale,
          max: max / scale,
        };
      case 'histogram': {
        const merged = this.#fold.histogram;
        const asked = percentiles ? merged.percentiles(PERMILLES, { min, max }) : UNASKED;
        const [p50, p90, p95, p99, p99_9] = asked.map((value) => value / scale) as Percentiles;
        const encoded = histogram ? merged.encodeBase64() : undefined;
        return {
          count,
          rate: count / seconds,
          sum: sum / scale,
          mean,
          min: min / scale,
          max: max / scale,
          p50,
          p90,
          p95,
          p99,
          p99_9,
          ...(encoded === undefined ? {} : { histogram: encoded }),
          ...(bounds === undefined ? {} : { cells: merged.countsUpTo(bounds) }),
        };
      }
    }
  }
}
