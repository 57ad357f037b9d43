/**
 * Commands of a store of keys and values: each is timed and a span of its unit, and no query, for what a
 * cache is asked is not what a database is. Hot path.
 */
import { DB_CLIENT_OPERATION_DURATION } from '../../shared/database-metrics.js';
import type { ProbeHost } from '../probe.js';
import { SeriesMap } from '../series-map.js';
import type { Unit } from '../unit.js';

export class StoreCalls {
  readonly #host: ProbeHost;
  readonly #system: string;
  readonly #series: SeriesMap;

  constructor(host: ProbeHost, system: string) {
    this.#host = host;
    this.#system = system;
    this.#series = new SeriesMap(host.recorder, DB_CLIENT_OPERATION_DURATION);
  }

  /** `name` is the command's, of a fixed list; empty when it is none of it. */
  end(name: string, unit: Unit | undefined, startMs: number, errorType: string | undefined): void {
    const key = errorType === undefined ? name : `${name} ${errorType}`;
    const id = this.#series.id(key, () => [
      this.#system,
      name || undefined,
      undefined,
      undefined,
      undefined,
      errorType,
    ]);
    this.#host.work.end(unit, id, startMs);
  }
}
