/**
 * What a framework runs before a handler, by the name of its function. Each that begins ends the one
 * before it, which has passed the request on. Hot path.
 */
import { MIDDLEWARE_DURATION } from '../../shared/application-metrics.js';
import { LabelSeries } from '../label-series.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import { NO_LAYER, type Unit } from '../unit.js';
import { BoundedNames } from './bounded-names.js';
import { perHost } from './per-host.js';

const ANONYMOUS = '<anonymous>';

export class Middleware {
  readonly #host: ProbeHost;
  readonly #series: LabelSeries;
  readonly #names = new BoundedNames();
  /** Ids by library and name, for one look-up each: no more than there are bounded names. */
  readonly #ids = new Map<string, Map<string, number>>();

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#series = new LabelSeries(host.recorder, MIDDLEWARE_DURATION);
  }

  /** `request` is what carries the state: Node's own, or a wrapper with it as `raw`. */
  enter(request: object | undefined, library: string, name: string | undefined): void {
    const state = stateOf(request);
    if (state !== undefined) this.enterOf(state, library, name);
  }

  enterOf(unit: Unit, library: string, name: string | undefined): void {
    this.#host.work.enterLayer(unit, this.series(library, name));
  }

  /** The series of one middleware. */
  series(library: string, name: string | undefined): number {
    const given = name === undefined || name === '' ? ANONYMOUS : name;
    return this.#ids.get(library)?.get(given) ?? this.#intern(library, given);
  }

  /** What runs now is no middleware. */
  leave(request: object | undefined): void {
    const state = stateOf(request);
    if (state !== undefined) this.leaveOf(state);
  }

  leaveOf(unit: Unit): void {
    if (unit.layerSeries !== NO_LAYER) this.#host.work.enterLayer(unit, NO_LAYER);
  }

  #intern(library: string, name: string): number {
    const label = this.#names.take(name);
    const id = this.#series.id(library, label);
    if (label !== name) return id;
    const ids = this.#ids.get(library) ?? new Map<string, number>();
    this.#ids.set(library, ids.set(name, id));
    return id;
  }
}

export const middlewareOf: (host: ProbeHost) => Middleware = perHost(
  (host) => new Middleware(host),
);
