/**
 * Series of one metric by the values of its attributes; an empty one is left out. A known one costs a look-up
 * by each value: to join them to one key costs ten times as much. Bounded as SeriesMap is. Hot path.
 */
import type { Metric } from '../shared/metric.js';
import type { Recorder } from './recorder.js';

const SERIES_MAX = 1000;

export class LabelSeries {
  readonly #recorder: Recorder;
  readonly #metric: Metric;
  readonly #ids = new Map<string, Map<string, Map<string, number>>>();
  #count = 0;

  constructor(recorder: Recorder, metric: Metric) {
    this.#recorder = recorder;
    this.#metric = metric;
  }

  /** In the order of the metric's attributes. */
  id(first: string, second = '', third = ''): number {
    return this.#ids.get(first)?.get(second)?.get(third) ?? this.#intern(first, second, third);
  }

  #intern(first: string, second: string, third: string): number {
    const values = [first, second, third].map((value) => (value === '' ? undefined : value));
    const id = this.#recorder.series(this.#metric, values);
    if (this.#count >= SERIES_MAX) {
      this.#ids.clear();
      this.#count = 0;
    }
    this.#count += 1;
    const bySecond = this.#ids.get(first) ?? new Map<string, Map<string, number>>();
    const byThird = bySecond.get(second) ?? new Map<string, number>();
    this.#ids.set(first, bySecond.set(second, byThird.set(third, id)));
    return id;
  }
}
