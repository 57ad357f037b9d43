/**
 * Messages, jobs of queues and runs of schedules: each is a unit of its own, with its queries, its time
 * in the queue and its trace. What it is called is bounded; what is in it is never looked at. Any
 * application thread; hot path of who handles messages.
 */
import type { IncomingHttpHeaders } from 'node:http';
import {
  JOB_DURATION,
  JOB_QUERIES,
  JOB_RETRIES,
  JOB_WAIT_TIME,
  MESSAGING_PROCESS_DURATION,
} from '../../shared/job-metrics.js';
import type { Metric } from '../../shared/metric.js';
import { nowMs } from '../clock.js';
import { guardedCall } from '../guarded.js';
import { BoundedNames } from '../layers/bounded-names.js';
import { perHost } from '../layers/per-host.js';
import type { ProbeHost } from '../probe.js';
import type { AttributeValues } from '../recorder.js';
import { SeriesMap } from '../series-map.js';
import { endOf, errorTypeOf } from '../timed-call.js';
import { Unit } from '../unit.js';

/** What begins. */
export interface JobStart {
  /** As semantic conventions name it; empty for a schedule. */
  readonly system: string;
  /** Queue, topic or subject; empty for a schedule. */
  readonly queue: string;
  /** Of a job; empty for a message that has none. */
  readonly name: string;
  /** Since it could have begun, where that is known. */
  readonly waitMs?: number | undefined;
  /** It was begun before. */
  readonly isRetry?: boolean;
  /** `traceparent` and `tracestate` of whoever sent it. */
  readonly sender?: IncomingHttpHeaders | undefined;
}

/** A job that runs. */
export interface JobCall {
  readonly start: JobStart;
  readonly unit: Unit;
  isOpen: boolean;
}

class JobUnit extends Unit {
  sender: IncomingHttpHeaders | undefined = undefined;

  override callerHeaders(): IncomingHttpHeaders | undefined {
    return this.sender;
  }
}

export class Jobs {
  readonly #host: ProbeHost;
  readonly #series = new Map<Metric, SeriesMap>();
  readonly #queues = new BoundedNames();
  readonly #names = new BoundedNames();
  readonly #safeBegin: (describe: () => JobStart | undefined, unit: JobUnit) => JobCall | undefined;
  /** Ends `call`, once. `error` is why it failed, undefined when it did not. */
  readonly end: (call: JobCall, error: unknown, isFailure?: (error: unknown) => boolean) => void;

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#safeBegin = guardedCall('job', host.warn, (describe, unit) =>
      this.#begin(describe(), unit),
    );
    this.end = guardedCall('end of job', host.warn, (call, error, isFailure = isAny) =>
      this.#end(call, isFailure(error) ? error : undefined),
    );
  }

  /** The unit of a job that has not come yet. */
  prepare(): JobUnit {
    return new JobUnit(nowMs());
  }

  /** `describe` may throw, and gives undefined for what is no job. */
  begin(describe: () => JobStart | undefined, unit: JobUnit = this.prepare()): JobCall | undefined {
    return this.#safeBegin(describe, unit);
  }

  /**
   * Calls `work` once as the job that `describe` gives, and returns, throws or rejects with what it does.
   * `isFailure`: not all that is thrown has to be one.
   */
  run(
    describe: () => JobStart | undefined,
    work: () => unknown,
    isFailure: (error: unknown) => boolean = isAny,
  ): unknown {
    const call = this.begin(describe);
    if (call === undefined) return work();
    return this.within(call, () => endOf(work, (error) => this.end(call, error, isFailure)));
  }

  /**
   * `run` for a library that drops what `work` returns: the job ends with the call, and a promise is given
   * back as it is. One derived from it would be rejected with nobody to handle it.
   */
  call(describe: () => JobStart, work: () => unknown): unknown {
    const call = this.begin(describe);
    if (call === undefined) return work();
    let failure: unknown;
    try {
      return this.within(call, work);
    } catch (error) {
      failure = error ?? new Error('thrown');
      throw error;
    } finally {
      this.end(call, failure);
    }
  }

  /** Calls `work` as `call`, which goes on. */
  within<Result>(call: JobCall, work: () => Result): Result {
    return this.#host.context.run(call.unit, work);
  }

  #begin(start: JobStart | undefined, unit: JobUnit): JobCall | undefined {
    if (start === undefined) return undefined;
    const bounded = {
      ...start,
      queue: start.queue === '' ? '' : this.#queues.take(start.queue),
      name: start.name === '' ? '' : this.#names.take(start.name),
    };
    unit.startMs = nowMs();
    unit.sender = start.sender;
    return { start: bounded, unit, isOpen: true };
  }

  #end(call: JobCall, error: unknown): void {
    if (!call.isOpen) return;
    call.isOpen = false;
    const { unit, start } = call;
    const { recorder, traces, jobLimits } = this.#host;
    const endMs = nowMs();
    const durationUs = Math.round((endMs - unit.startMs) * 1000);
    const series = this.#durationOf(start, errorTypeOf(error));
    recorder.stage(series, durationUs);
    if (unit.queries > 0) recorder.stage(this.#idOf(JOB_QUERIES, start), unit.queries);
    if (start.isRetry) recorder.stage(this.#idOf(JOB_RETRIES, start), 1);
    else if (start.waitMs !== undefined && Number.isFinite(start.waitMs)) {
      // Clocks of two machines may differ by more than nothing.
      const waitUs = Math.max(0, Math.round(start.waitMs * 1000));
      recorder.stage(this.#idOf(JOB_WAIT_TIME, start), waitUs);
    }
    recorder.publish();
    unit.close(endMs);
    traces.finish(unit, series, durationUs, 0, error !== undefined, jobLimits);
  }

  #durationOf({ system, queue, name }: JobStart, errorType = ''): number {
    const key = `${system}\0${queue}\0${name}\0${errorType}`;
    return system === ''
      ? this.#id(JOB_DURATION, key, () => [name, given(errorType)])
      : this.#id(MESSAGING_PROCESS_DURATION, key, () => [
          system,
          given(queue),
          given(name),
          'process',
          given(errorType),
        ]);
  }

  #idOf(metric: Metric, { system, queue, name }: JobStart): number {
    const key = `${system}\0${queue}\0${name}`;
    return this.#id(metric, key, () => [system, queue, name].map(given));
  }

  #id(metric: Metric, key: string, values: () => AttributeValues): number {
    let series = this.#series.get(metric);
    if (series === undefined) {
      series = new SeriesMap(this.#host.recorder, metric);
      this.#series.set(metric, series);
    }
    return series.id(key, values);
  }
}

export const jobsOf: (host: ProbeHost) => Jobs = perHost((host) => new Jobs(host));

const isAny = (): boolean => true;

/** An empty one is left out. */
function given(value: string): string | undefined {
  return value === '' ? undefined : value;
}
