/**
 * Checks of input against a schema, whatever the library. A check that fails has an `error.type`,
 * whether the library throws, rejects or returns what is wrong; never what was wrong. Hot path.
 */
import { VALIDATION_DURATION } from '../../shared/application-metrics.js';
import { LabelSeries } from '../label-series.js';
import { LAYER } from '../layer.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf, type Timing } from '../timed-call.js';
import { type Method, Outermost } from './outermost.js';
import { perHost } from './per-host.js';

export interface Validation {
  readonly library: string;
  /** `error.type` of input that was refused, by a result instead of an error. */
  readonly refusal?: string;
  readonly isRefused?: (result: unknown) => boolean;
  readonly isCall?: NonNullable<Timing['isCall']>;
}

export class Validations {
  readonly outermost: Outermost;
  readonly #host: ProbeHost;
  readonly #series: LabelSeries;

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#series = new LabelSeries(host.recorder, VALIDATION_DURATION);
    this.outermost = new Outermost(host);
    host.context.follow();
  }

  time(original: Method, validation: Validation): Method {
    return this.outermost.time(original, this.#timing(validation));
  }

  timeMethods(target: object | undefined, names: readonly string[], validation: Validation): void {
    const timing = this.#timing(validation);
    for (const name of names) this.outermost.timeMethod(target, name, timing);
  }

  #timing({ library, refusal = '', isRefused = () => false, ...rest }: Validation): Timing {
    return {
      name: `validation, ${library}`,
      ...rest,
      onEnd: ({ unit, startMs, error, result }) => {
        const returned = error === undefined && isRefused(result) ? refusal : undefined;
        const series = this.#series.id(library, errorTypeOf(error) ?? returned);
        this.#host.work.endLayer(LAYER.validation, unit, series, startMs);
      },
    };
  }
}

export const validationsOf: (host: ProbeHost) => Validations = perHost(
  (host) => new Validations(host),
);
