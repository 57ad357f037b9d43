/**
 * What an application sends: each message or job given to its client is timed, is a span of the unit
 * that sent it, and takes that unit's trace along where the library has headers. Hot path of senders.
 */
import { MESSAGING_CLIENT_OPERATION_DURATION } from '../../shared/job-metrics.js';
import { guardedCall } from '../guarded.js';
import { BoundedNames } from '../layers/bounded-names.js';
import { perHost } from '../layers/per-host.js';
import type { ProbeHost } from '../probe.js';
import { SeriesMap } from '../series-map.js';
import { errorTypeOf, type TimedCall, type Timing, timeMethod } from '../timed-call.js';

export interface Sending {
  readonly system: string;
  /** As the library calls it. */
  readonly operation: string;
  /** Queue, topic, subject or exchange; empty where there is none. */
  readonly destinationOf: (call: TimedCall) => string;
  readonly takesCallback?: boolean;
  readonly isCall?: Timing['isCall'];
  readonly isHandled?: Timing['isHandled'];
}

export type TraceHeaders = Readonly<Record<string, string>>;

export class Sends {
  readonly #host: ProbeHost;
  readonly #series: SeriesMap;
  readonly #destinations = new BoundedNames();
  /**
   * Has `put` send Trace Context of the unit that sends now along to `broker`, when that is meant to get it.
   * What `put` throws is caught.
   */
  readonly carry: (broker: unknown, put: (trace: TraceHeaders) => void) => void;

  constructor(host: ProbeHost) {
    this.#host = host;
    // Senders are to be told from one another; a job is followed from the first one on by itself.
    host.context.follow();
    this.#series = new SeriesMap(host.recorder, MESSAGING_CLIENT_OPERATION_DURATION);
    this.carry = guardedCall('trace of a message', host.warn, this.#carry.bind(this));
  }

  /** Times `target[name]`; false when there is no such method. */
  time(target: object | undefined, name: string, sending: Sending): boolean {
    const { system, operation, destinationOf, takesCallback = false, isCall, isHandled } = sending;
    return timeMethod(target, name, this.#host, {
      name: `${operation} of ${system}`,
      takesCallback,
      ...(isCall !== undefined && { isCall }),
      ...(isHandled !== undefined && { isHandled }),
      onEnd: (call) => {
        const destination = this.#destinations.take(destinationOf(call));
        const series = this.#id(system, operation, destination, errorTypeOf(call.error) ?? '');
        this.#host.work.end(call.unit, series, call.startMs);
      },
    });
  }

  #carry(broker: unknown, put: (trace: TraceHeaders) => void): void {
    if (typeof broker !== 'string' || broker === '') return;
    const { propagate, work } = this.#host;
    const unit = work.current();
    if (unit === undefined || unit.isDone) return;
    let trace: TraceHeaders | undefined;
    propagate(unit, broker, (name, value) => {
      trace = { ...trace, [name]: value };
    });
    if (trace !== undefined) put(trace);
  }

  #id(system: string, operation: string, destination: string, errorType: string): number {
    return this.#series.id(`${system}\0${operation}\0${destination}\0${errorType}`, () => [
      system,
      destination === '' ? undefined : destination,
      operation,
      errorType === '' ? undefined : errorType,
    ]);
  }
}

export const sendsOf: (host: ProbeHost) => Sends = perHost((host) => new Sends(host));
