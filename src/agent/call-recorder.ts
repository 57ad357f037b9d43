/**
 * Outbound HTTP calls, shared by the client probes: a span of their caller's trace from their beginning on,
 * and a record when they have ended. Hot path: one small object a call.
 */
import { HTTP_CLIENT_REQUEST_DURATION } from '../shared/metrics.js';
import { nowMs } from './clock.js';
import type { Recorder } from './recorder.js';
import { SeriesMap } from './series-map.js';
import { NO_DETAIL, NO_SPAN } from './span-list.js';
import type { Unit } from './unit.js';
import type { BegunCall, Work } from './work.js';

export interface CallTarget {
  readonly method: string;
  readonly address: string;
  readonly port: string;
}

export interface OutboundCall extends BegunCall {
  readonly target: CallTarget;
}

export class CallRecorder {
  readonly #work: Work;
  readonly #series: SeriesMap;

  constructor(recorder: Recorder, work: Work) {
    this.#work = work;
    this.#series = new SeriesMap(recorder, HTTP_CLIENT_REQUEST_DURATION);
  }

  begin(target: CallTarget, unit: Unit | undefined): OutboundCall {
    const startMs = nowMs();
    if (unit === undefined) return { target, unit, startMs, span: NO_SPAN };
    unit.clientCalls += 1;
    const series = this.#seriesOf(target, undefined, undefined);
    return { target, unit, startMs, span: this.#work.begin(unit, series, startMs) };
  }

  /** `statusCode` undefined: no response came. `error` undefined: the response came whole. */
  end(call: OutboundCall, statusCode: number | undefined, error: string | undefined): void {
    const status = statusCode === undefined ? undefined : `${Math.trunc(statusCode / 100)}xx`;
    this.#work.endBegun(call, this.#seriesOf(call.target, status, error), NO_DETAIL);
  }

  #seriesOf(target: CallTarget, status: string | undefined, error: string | undefined): number {
    const { method, address, port } = target;
    const key = `${method} ${address} ${port} ${status} ${error}`;
    return this.#series.id(key, () => [method, address, port, status, error]);
  }
}

/** The port of a URL's authority, or its scheme's own. */
export function portOf(authority: string, protocol: string): string {
  const port = /:(\d+)$/.exec(authority)?.[1];
  return port ?? (protocol === 'https:' ? '443' : '80');
}
