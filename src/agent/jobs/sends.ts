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
}

type Headers = Readonly<Record<string, string>>;

export class Sends {
  readonly #host: ProbeHost;
  readonly #series: SeriesMap;
  readonly #destinations = new BoundedNames();
  readonly #readTrace: (broker: string) => void;
  #trace: Record<string, string> | undefined;

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#series = new SeriesMap(host.recorder, MESSAGING_CLIENT_OPERATION_DURATION);
    this.#readTrace = guardedCall('trace of a message', host.warn, (broker) =>
      host.propagate(host.work.current(), broker, (name, value) => {
        this.#trace = { ...this.#trace, [name]: value };
      }),
    );
  }

  /** Times `target[name]`; false when there is no such method. */
  time(target: object | undefined, name: string, sending: Sending): boolean {
    const { system, operation, destinationOf, takesCallback = false, isCall } = sending;
    return timeMethod(target, name, this.#host, {
      name: `${operation} of ${system}`,
      takesCallback,
      ...(isCall !== undefined && { isCall }),
      onEnd: (call) => {
        const destination = this.#destinations.take(destinationOf(call));
        const series = this.#id(system, operation, destination, errorTypeOf(call.error) ?? '');
        this.#host.work.end(call.unit, series, call.startMs);
      },
    });
  }

  /** Trace Context of the unit that sends now to `broker`; undefined when nothing is to be sent along. */
  traceFor(broker: unknown): Headers | undefined {
    if (typeof broker !== 'string' || broker === '') return undefined;
    this.#trace = undefined;
    this.#readTrace(broker);
    return this.#trace;
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
