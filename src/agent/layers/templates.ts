/**
 * Rendering of templates, whatever the engine: `express` is `res.render` with any engine under it.
 * A template's name is its path below the views or the working folder (src/shared/short-path.ts). Hot path.
 */
import { TEMPLATE_RENDER_DURATION } from '../../shared/application-metrics.js';
import { homeFolder } from '../../shared/home-folder.js';
import { shortPath } from '../../shared/short-path.js';
import { currentFolder } from '../current-folder.js';
import { LabelSeries } from '../label-series.js';
import { LAYER } from '../layer.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf, type TimedCall, type Timing } from '../timed-call.js';
import { BoundedNames } from './bounded-names.js';
import { Outermost } from './outermost.js';
import { perHost } from './per-host.js';

export interface Rendering {
  readonly library: string;
  /** Name of the template, or its path; undefined for one that was given as text. */
  readonly nameOf: (call: Pick<TimedCall, 'self' | 'args'>) => unknown;
  readonly takesCallback?: boolean;
}

export class Templates {
  readonly outermost: Outermost;
  readonly #host: ProbeHost;
  readonly #series: LabelSeries;
  readonly #names = new BoundedNames();
  readonly #home = homeFolder();

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#series = new LabelSeries(host.recorder, TEMPLATE_RENDER_DURATION);
    this.outermost = new Outermost(host);
    host.context.follow();
  }

  timing({ library, nameOf, ...rest }: Rendering): Timing {
    return {
      name: `templates, ${library}`,
      ...rest,
      onEnd: (call) => this.end(call, library, nameOf(call)),
    };
  }

  end(
    { unit, startMs, error }: Pick<TimedCall, 'unit' | 'startMs' | 'error'>,
    library: string,
    name: unknown,
  ): void {
    const errorType = errorTypeOf(error);
    const series = this.#series.id(library, this.#label(name, errorType !== undefined), errorType);
    this.#host.work.endLayer(LAYER.template, unit, series, startMs);
  }

  /** What was never rendered may be anything, such as a path that a user asked for. */
  #label(name: unknown, isFailed: boolean): string {
    if (typeof name !== 'string' || name === '') return '';
    const short = shortPath(name, { working: currentFolder(), home: this.#home });
    return isFailed ? this.#names.known(short) : this.#names.take(short);
  }
}

export const templatesOf: (host: ProbeHost) => Templates = perHost((host) => new Templates(host));
