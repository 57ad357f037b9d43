/**
 * Rendering of templates, whatever the engine: `express` is `res.render` with any engine under it.
 * A template's name is its path below the views or the working folder (src/shared/short-path.ts). Hot path.
 */
import {
  TEMPLATE_COMPILATIONS,
  TEMPLATE_RENDER_DURATION,
} from '../../shared/application-metrics.js';
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

const LABELS_MAX = 500;
/** Longer names are not kept. */
const NAME_LENGTH_MAX = 512;

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
  readonly #compilations: LabelSeries;
  readonly #names = new BoundedNames();
  readonly #home = homeFolder();
  /** Labels of what was rendered, below `#folder`. */
  readonly #labels = new Map<string, string>();
  #folder = currentFolder();

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#series = new LabelSeries(host.recorder, TEMPLATE_RENDER_DURATION);
    this.#compilations = new LabelSeries(host.recorder, TEMPLATE_COMPILATIONS);
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

  /** A source was made into a template. */
  readonly compiled: (library: string, name: unknown) => void = (library, name) => {
    this.#host.recorder.record(this.#compilations.id(library, this.#label(name, false)), 1);
  };

  /** What was never rendered may be anything, such as a path that a user asked for. */
  #label(name: unknown, isFailed: boolean): string {
    if (typeof name !== 'string' || name === '') return '';
    if (isFailed) return this.#names.known(this.#shortOf(name));
    const folder = currentFolder();
    if (folder !== this.#folder || this.#labels.size >= LABELS_MAX) this.#labels.clear();
    this.#folder = folder;
    let label = this.#labels.get(name);
    if (label === undefined) {
      label = this.#names.take(this.#shortOf(name));
      if (name.length <= NAME_LENGTH_MAX) this.#labels.set(name, label);
    }
    return label;
  }

  #shortOf(name: string): string {
    return shortPath(name, { working: currentFolder(), home: this.#home });
  }
}

export const templatesOf: (host: ProbeHost) => Templates = perHost((host) => new Templates(host));
