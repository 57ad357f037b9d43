/** Series of one metric by the values of its attributes; an empty one is left out. Hot path. */
import type { Metric } from '../shared/metric.js';
import type { AttributeValues, Recorder } from './recorder.js';
import { SeriesMap } from './series-map.js';

export class LabelSeries {
  readonly #series: SeriesMap;

  constructor(recorder: Recorder, metric: Metric) {
    this.#series = new SeriesMap(recorder, metric);
  }

  /** In the order of the metric's attributes. */
  id(first: string, second = '', third = ''): number {
    return this.#series.id(`${first}\0${second}\0${third}`, valuesOf);
  }
}

function valuesOf(key: string): AttributeValues {
  return key.split('\0').map((value) => (value === '' ? undefined : value));
}
