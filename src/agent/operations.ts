/**
 * Business operations, as the public API measures them. Outside a request or job an operation is a
 * unit of its own: its queries are counted and its trace is kept when it breaches. Inside one it is a
 * span of that. Any application thread; hot path of who calls it.
 */
import { OPERATION_DURATION, OPERATION_QUERIES } from '../shared/application-metrics.js';
import { moduleOfOperation } from '../shared/erp-operations.js';
import { nowMs } from './clock.js';
import { guardedCall } from './guarded.js';
import type { ProbeHost } from './probe.js';
import { SeriesMap } from './series-map.js';
import { endOf, errorTypeOf } from './timed-call.js';
import type { TraceKeeper } from './trace-keeper.js';
import type { LimitsOfOperation } from './trace-limits.js';
import { Unit } from './unit.js';

export class Operations {
  readonly #host: ProbeHost;
  readonly #traces: TraceKeeper;
  readonly #limitsOf: LimitsOfOperation;
  readonly #durations: SeriesMap;
  readonly #queries: SeriesMap;
  readonly #end: (call: OperationCall, error: unknown) => void;

  constructor(host: ProbeHost, traces: TraceKeeper, limitsOf: LimitsOfOperation) {
    this.#host = host;
    this.#traces = traces;
    this.#limitsOf = limitsOf;
    this.#durations = new SeriesMap(host.recorder, OPERATION_DURATION);
    this.#queries = new SeriesMap(host.recorder, OPERATION_QUERIES);
    this.#end = guardedCall('measure', host.warn, (call, error) => this.#record(call, error));
  }

  /** Calls `work` once and returns, throws or rejects with what it does. */
  measure<Result>(name: string, module: string | undefined, work: () => Result): Result {
    const startMs = nowMs();
    const caller = this.#caller();
    const unit = caller ?? new Unit(startMs);
    const call = { name, module, startMs, unit, isOwnUnit: caller === undefined };
    const timed = (): unknown => endOf(work, (error) => this.#end(call, error));
    const result = call.isOwnUnit ? this.#host.context.run(unit, timed) : timed();
    return result as Result;
  }

  /** As `measure` for what is no function: it belongs to who started it, and is never a unit. */
  startTimer(name: string, module: string | undefined): (error?: unknown) => void {
    const call = { name, module, startMs: nowMs(), unit: this.#caller(), isOwnUnit: false };
    let isEnded = false;
    return (error) => {
      if (isEnded) return;
      isEnded = true;
      this.#end(call, error);
    };
  }

  /**
   * What goes on after a response has ended is no part of the request any more. Never a guess: a job beside
   * the only open request is not that request's.
   */
  #caller(): Unit | undefined {
    const { context } = this.#host;
    context.follow();
    const unit = context.followed();
    return unit?.isDone === true ? undefined : unit;
  }

  #record({ name, module, startMs, unit, isOwnUnit }: OperationCall, error: unknown): void {
    const { work, recorder } = this.#host;
    const errorType = errorTypeOf(error);
    const moduleName = module ?? moduleOfOperation(name);
    const values = (): readonly (string | undefined)[] => [name, moduleName, errorType];
    const series = this.#durations.id(`${name}\0${moduleName}\0${errorType}`, values);
    if (!isOwnUnit || unit === undefined) {
      work.end(unit, series, startMs);
      return;
    }
    const endMs = nowMs();
    const durationUs = Math.round((endMs - startMs) * 1000);
    recorder.stage(series, durationUs);
    if (unit.queries > 0) {
      const queries = this.#queries.id(`${name}\0${moduleName}`, () => [name, moduleName]);
      recorder.stage(queries, unit.queries);
    }
    recorder.publish();
    unit.close(endMs);
    const limits = this.#limitsOf(name, moduleName);
    this.#traces.finish(unit, series, durationUs, 0, error !== undefined, limits);
  }
}

interface OperationCall {
  readonly name: string;
  readonly module: string | undefined;
  readonly startMs: number;
  readonly unit: Unit | undefined;
  /** The operation is what the unit is about. */
  readonly isOwnUnit: boolean;
}
