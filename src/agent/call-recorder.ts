/**
 * Outbound HTTP calls, shared by the client probes: a span of their caller's trace from their beginning on,
 * and a record when they have ended. Hot path: one look-up and one small object a call. Bounded: what is
 * known of the targets is forgotten when there are too many; the recorder's own table bounds the series.
 */
import { HTTP_CLIENT_REQUEST_DURATION } from '../shared/metrics.js';
import { nowMs } from './clock.js';
import type { Recorder } from './recorder.js';
import { NO_DETAIL, NO_SPAN } from './span-list.js';
import type { Unit } from './unit.js';
import type { BegunCall, Work } from './work.js';

export interface CallTarget {
  readonly method: string;
  readonly address: string;
  readonly port: string;
}

/** A target and the ids of its series. */
interface KnownTarget extends CallTarget {
  /** Of responses that came whole, by the first digit of their status. */
  readonly ids: (number | undefined)[];
}

export interface OutboundCall extends BegunCall {
  readonly target: KnownTarget;
}

const TARGETS_MAX = 1000;
/** What a call is as long as it has not failed: most end so, and a series that none has is made for nothing. */
const SUCCESS = 2;

export class CallRecorder {
  readonly #recorder: Recorder;
  readonly #work: Work;
  readonly #targets = new Map<string, KnownTarget>();

  constructor(recorder: Recorder, work: Work) {
    this.#recorder = recorder;
    this.#work = work;
  }

  begin(target: CallTarget, unit: Unit | undefined): OutboundCall {
    const startMs = nowMs();
    const known = this.#known(target);
    if (unit === undefined) return { target: known, unit, startMs, span: NO_SPAN };
    unit.clientCalls += 1;
    const span = this.#work.begin(unit, this.#seriesOf(known, SUCCESS), startMs);
    return { target: known, unit, startMs, span };
  }

  /** `statusCode` undefined: no response came. `error` undefined: the response came whole. */
  end(call: OutboundCall, statusCode: number | undefined, error: string | undefined): void {
    const digit = statusCode === undefined ? undefined : Math.trunc(statusCode / 100);
    const series =
      digit === undefined || error !== undefined
        ? this.#intern(call.target, digit, error)
        : this.#seriesOf(call.target, digit);
    this.#work.endBegun(call, series, NO_DETAIL);
  }

  #known({ method, address, port }: CallTarget): KnownTarget {
    const key = `${method} ${address} ${port}`;
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    if (this.#targets.size >= TARGETS_MAX) this.#targets.clear();
    const target = { method, address, port, ids: [] };
    this.#targets.set(key, target);
    return target;
  }

  #seriesOf(target: KnownTarget, digit: number): number {
    target.ids[digit] ??= this.#intern(target, digit, undefined);
    return target.ids[digit];
  }

  /** The recorder knows again what it has been told before. */
  #intern(target: CallTarget, digit: number | undefined, error: string | undefined): number {
    const { method, address, port } = target;
    const status = digit === undefined ? undefined : `${digit}xx`;
    return this.#recorder.series(HTTP_CLIENT_REQUEST_DURATION, [
      method,
      address,
      port,
      status,
      error,
    ]);
  }
}

/** The port of a URL's authority, or its scheme's own. */
export function portOf(authority: string, protocol: string): string {
  const port = /:(\d+)$/.exec(authority)?.[1];
  return port ?? (protocol === 'https:' ? '443' : '80');
}
