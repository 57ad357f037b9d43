/**
 * What adapters tell: that a call begins or has ended, and for whom it was made. Each call is a record of its
 * series and, within a unit, a span of that unit's trace. One per application thread. Hot path.
 */
import { NO_QUERY } from '../shared/query-values.js';
import { nowMs } from './clock.js';
import type { RequestContext } from './context.js';
import type { Layer } from './layer.js';
import type { Recorder } from './recorder.js';
import { NO_DETAIL, NO_SPAN } from './span-list.js';
import type { Suspects } from './suspects.js';
import { NO_LAYER, type Unit } from './unit.js';

/** So many rows of one query are worth a look. */
const ROWS_MANY = 500;

/** A call that is a span of its unit from its beginning on. */
export interface BegunCall {
  readonly unit: Unit | undefined;
  readonly startMs: number;
  /** What `begin` gave. */
  readonly span: number;
}

export class Work {
  readonly #recorder: Recorder;
  readonly #context: RequestContext;
  readonly #slowQueryMs: number;
  readonly #suspects: Suspects | undefined;

  /** `suspects` is told of a query that took longer than `slowQueryMs` and that no unit made. */
  constructor(
    recorder: Recorder,
    context: RequestContext,
    slowQueryMs: number = Number.POSITIVE_INFINITY,
    suspects?: Suspects,
  ) {
    this.#recorder = recorder;
    this.#context = context;
    this.#slowQueryMs = slowQueryMs;
    this.#suspects = suspects;
  }

  /** For whom the code that runs now works. */
  current(): Unit | undefined {
    return this.#context.current();
  }

  /** A call of `unit` that began at `startMs` has ended. */
  end(unit: Unit | undefined, series: number, startMs: number): void {
    const endMs = nowMs();
    this.#recorder.record(series, Math.round((endMs - startMs) * 1000));
    unit?.addSpan(series, startMs, endMs, NO_DETAIL);
  }

  /** A call of `unit` begins, which `endBegun` ends; `series` is what it is as long as it has not failed. */
  begin(unit: Unit | undefined, series: number, startMs: number): number {
    return unit === undefined ? NO_SPAN : unit.beginSpan(series, startMs);
  }

  /** Returns when. */
  endBegun(
    { unit, startMs, span }: BegunCall,
    series: number,
    detail: number,
    values: number = NO_QUERY,
  ): number {
    const endMs = nowMs();
    this.#recorder.record(series, Math.round((endMs - startMs) * 1000));
    unit?.endSpan(span, series, startMs, endMs, detail, values);
    return endMs;
  }

  /** As `end`, of a call that is a layer of the unit's work. */
  endLayer(layer: Layer, unit: Unit | undefined, series: number, startMs: number): void {
    const endMs = nowMs();
    this.#recorder.record(series, Math.round((endMs - startMs) * 1000));
    if (unit === undefined) return;
    unit.addLayer(layer, endMs - startMs);
    unit.addSpan(series, startMs, endMs, NO_DETAIL);
  }

  /** A query begins now; it is counted once, where it is handed to its driver. */
  beginQuery(startMs: number): Unit | undefined {
    const unit = this.#context.current();
    unit?.beginQuery(startMs);
    return unit;
  }

  /** Returns when. `rows` is how many came back or were changed, or NO_DETAIL. `values`: src/shared/query-values.ts. */
  endQuery(call: BegunCall, series: number, rows: number, values: number = NO_QUERY): number {
    const endMs = this.endBegun(call, series, rows, values);
    const { unit, startMs } = call;
    if (unit?.isDone === false) {
      unit.endQuery(endMs);
      if (endMs - startMs > this.#slowQueryMs || rows >= ROWS_MANY) unit.isNotable = true;
    } else if (unit === undefined && endMs - startMs > this.#slowQueryMs) {
      this.#suspects?.lookAtQuery(series, startMs, endMs, rows);
    }
    return endMs;
  }

  /**
   * A middleware of `unit` begins, and `series` is its own; NO_LAYER when what begins is none. The one
   * before it has passed the unit on: that was its end. One that answers itself is never ended, for
   * it was the handler.
   */
  enterLayer(unit: Unit, series: number): void {
    const startMs = nowMs();
    const passed = unit.layerSeries;
    if (passed !== NO_LAYER) {
      unit.middlewareMs += startMs - unit.layerStartMs;
      this.#recorder.record(passed, Math.round((startMs - unit.layerStartMs) * 1000));
      unit.addSpan(passed, unit.layerStartMs, startMs, NO_DETAIL);
    }
    unit.layerSeries = series;
    unit.layerStartMs = startMs;
  }

  /** Calls back as the unit that made the call, whatever the driver's own execution belongs to. */
  resume<Result>(unit: Unit | undefined, work: () => Result): Result {
    return unit === undefined ? work() : this.#context.run(unit, work);
  }
}
