/** Reads of a cache by result, for the unit that made them too. Hot path. */
import { CACHE_OPERATIONS } from '../../shared/database-metrics.js';
import type { Recorder } from '../recorder.js';
import { SeriesMap } from '../series-map.js';
import type { Unit } from '../unit.js';

export class CacheCount {
  readonly #recorder: Recorder;
  readonly #series: SeriesMap;
  readonly #name: string;

  constructor(recorder: Recorder, name: string) {
    this.#recorder = recorder;
    this.#series = new SeriesMap(recorder, CACHE_OPERATIONS);
    this.#name = name;
  }

  add(unit: Unit | undefined, hits: number, misses: number): void {
    if (hits > 0) this.#recorder.record(this.#id('hit'), hits);
    if (misses > 0) this.#recorder.record(this.#id('miss'), misses);
    if (unit === undefined || unit.isDone) return;
    unit.cacheHits += hits;
    unit.cacheMisses += misses;
  }

  #id(result: string): number {
    return this.#series.id(result, () => [this.#name, result]);
  }
}
