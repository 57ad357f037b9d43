/**
 * Series ids of one metric by what the caller has at hand, so that a call costs one look-up. Bounded:
 * emptied when it is full, for the recorder's own table is what bounds the series. Hot path.
 */
import type { Metric } from '../shared/metric.js';
import type { AttributeValues, Recorder } from './recorder.js';

const KEYS_MAX = 1000;

export class SeriesMap<Key = string> {
  readonly #recorder: Recorder;
  readonly #metric: Metric;
  readonly #ids = new Map<Key, number>();

  constructor(recorder: Recorder, metric: Metric) {
    this.#recorder = recorder;
    this.#metric = metric;
  }

  /** The id kept under `key`, made from `values` when it is new. */
  id(key: Key, values: (key: Key) => AttributeValues): number {
    return this.#ids.get(key) ?? this.#intern(key, values(key));
  }

  #intern(key: Key, values: AttributeValues): number {
    const id = this.#recorder.series(this.#metric, values);
    if (this.#ids.size >= KEYS_MAX) this.#ids.clear();
    this.#ids.set(key, id);
    return id;
  }
}
