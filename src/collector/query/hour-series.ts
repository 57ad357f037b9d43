/**
 * A metric of one period by row and hour: what comparisons work on. Runs in the query pool. Two passes: sums of
 * all rows first, then the distributions of those that are wanted. Some 100 KiB a wanted row and week.
 */
import { decodeHdrPayload } from '../../transport/decode-hdr-payload.js';
import { type HdrLayout, middleOfSlot, slotOf } from '../../transport/hdr-layout.js';
import { HOUR_MS, type HourBins } from '../statistics/hour-bins.js';
import { LEVEL_MS } from '../store/data-folder.js';
import { type FileReader, inSnapshot } from '../store/file-readers.js';
import type { SqlRow } from '../store/sql-driver.js';
import type { QueryRequest } from './query-request.js';
import { type RowSource, rowSource, rowsOf } from './row-source.js';

export interface PeriodRequest {
  readonly metric: string;
  readonly service: string | undefined;
  /** Whole hours. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly where: readonly (readonly [name: string, value: string])[];
  /** Attributes that tell rows apart. */
  readonly names: readonly string[];
  /** Attributes that tell sorts of calls of one row apart. */
  readonly strata: readonly string[];
}

export interface Sums {
  count: number;
  sum: number;
}

export interface RowSums extends Sums {
  readonly attributes: Record<string, string>;
  readonly strata: Map<string, Sums>;
}

export interface PeriodSums {
  readonly scale: number;
  readonly rows: ReadonlyMap<string, RowSums>;
}

/** Rows of one period at most, of which sums are kept; what comes later is not seen. */
const ROWS_MAX = 5000;

/** Sums by row; undefined when no file of the period knows the metric. */
export function readSums(
  readers: readonly FileReader[],
  request: PeriodRequest,
): PeriodSums | undefined {
  return withRows(readers, request, (source) => {
    const rows = new Map<string, RowSums>();
    forEachRow(source, true, (attributes, _timeMs, { count, sum }) => {
      const key = keyOfRow(attributes, request.names);
      let row = rows.get(key);
      if (row === undefined) {
        if (rows.size >= ROWS_MAX) return;
        row = { attributes: pick(attributes, request.names), count: 0, sum: 0, strata: new Map() };
        rows.set(key, row);
      }
      const stratum = keyOfRow(attributes, request.strata);
      const sums = row.strata.get(stratum) ?? { count: 0, sum: 0 };
      for (const target of [row, sums]) {
        target.count += count as number;
        target.sum += sum as number;
      }
      row.strata.set(stratum, sums);
    });
    return { scale: source.definition.scale, rows };
  });
}

/** The hours of wanted rows by their keys, ascending, all in one layout. */
export function readHours(
  readers: readonly FileReader[],
  request: PeriodRequest,
  wanted: ReadonlySet<string>,
  layouts: LayoutChoice,
): ReadonlyMap<string, HourBins[]> {
  const found = new Map<string, HourBins[]>();
  const folds = new Map<string, HourFold>();
  withRows(readers, request, (source) => {
    forEachRow(source, false, (attributes, timeMs, row) => {
      const key = keyOfRow(attributes, request.names);
      if (!wanted.has(key)) return;
      let fold = folds.get(key);
      if (fold === undefined) {
        const hours: HourBins[] = [];
        found.set(key, hours);
        fold = new HourFold(layouts, hours);
        folds.set(key, fold);
      }
      fold.add(Math.floor(timeMs / HOUR_MS) * HOUR_MS, row);
    });
  });
  for (const fold of folds.values()) fold.close();
  return found;
}

/** The layout of the first payload, for all of a comparison. */
export class LayoutChoice {
  layout: HdrLayout | undefined;
}

/** Rows of one hour into bins. Owns one map of counts, which is emptied with each hour. */
class HourFold {
  readonly #layouts: LayoutChoice;
  readonly #hours: HourBins[];
  readonly #counts = new Map<number, number>();
  #timeMs = Number.NEGATIVE_INFINITY;
  #count = 0;
  #sum = 0;

  constructor(layouts: LayoutChoice, hours: HourBins[]) {
    this.#layouts = layouts;
    this.#hours = hours;
  }

  add(timeMs: number, { count, sum, payload }: SqlRow): void {
    if (timeMs > this.#timeMs) {
      this.close();
      this.#timeMs = timeMs;
    }
    if (!(payload instanceof Uint8Array)) return;
    const { layout, indexes, counts } = decodeHdrPayload(payload);
    this.#layouts.layout ??= layout;
    const target = this.#layouts.layout;
    const isSame =
      target.halfCount === layout.halfCount && target.unitMagnitude === layout.unitMagnitude;
    indexes.forEach((index, position) => {
      const slot = isSame ? index : slotOf(target, middleOfSlot(layout, index));
      this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + counts[position]!);
    });
    this.#count += count as number;
    this.#sum += sum as number;
  }

  close(): void {
    if (this.#count === 0) return;
    const slots = Uint32Array.from(this.#counts.keys()).sort();
    this.#hours.push({
      timeMs: this.#timeMs,
      count: this.#count,
      sum: this.#sum,
      slots,
      counts: Float64Array.from(slots, (slot) => this.#counts.get(slot)!),
    });
    this.#counts.clear();
    this.#count = 0;
    this.#sum = 0;
  }
}

/** The values of the named attributes as one text, the same in every file. */
export function keyOfRow(
  attributes: Readonly<Record<string, string>>,
  names: readonly string[],
): string {
  return JSON.stringify(names.map((name) => attributes[name] ?? ''));
}

function pick(
  attributes: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, attributes[name] ?? '']));
}

function withRows<Result>(
  readers: readonly FileReader[],
  request: PeriodRequest,
  work: (source: RowSource) => Result,
): Result | undefined {
  const { metric, service, fromMs, toMs, where, names, strata } = request;
  const involved = readers.filter(
    (reader) => LEVEL_MS[reader.level] <= HOUR_MS && reader.fromMs < toMs && reader.toMs > fromMs,
  );
  const query: QueryRequest = {
    metric,
    service,
    fromMs,
    toMs,
    stepMs: undefined,
    level: 'hour',
    group: [...names, ...strata],
    where,
    histogram: false,
    limit: ROWS_MAX,
  };
  return inSnapshot(involved, () => {
    const source = rowSource(involved, query);
    return source === undefined ? undefined : work(source);
  });
}

function forEachRow(
  source: RowSource,
  sumsOnly: boolean,
  take: (attributes: Record<string, string>, timeMs: number, row: SqlRow) => void,
): void {
  for (const slot of source.slots) {
    for (const row of rowsOf(slot, sumsOnly)) {
      const group = slot.part.groupOf(row.series as number, row.process as number);
      if (group !== undefined) take(group.attributes, slot.timeMs, row);
    }
  }
}
