/**
 * Commands of a store of keys and values: each is timed and a span of its unit, and no query, for what a
 * cache is asked is not what a database is. Hot path.
 */
import { DB_CLIENT_OPERATION_DURATION } from '../../shared/database-metrics.js';
import { nowMs } from '../clock.js';
import type { ProbeHost } from '../probe.js';
import { SeriesMap } from '../series-map.js';
import { NO_DETAIL } from '../span-list.js';
import type { Unit } from '../unit.js';
import type { BegunCall } from '../work.js';

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
  begin(name: string, unit: Unit | undefined): BegunCall {
    const startMs = nowMs();
    const span = this.#host.work.begin(unit, this.seriesOf(name), startMs);
    return { unit, startMs, span };
  }

  end(name: string, call: BegunCall, errorType: string | undefined): void {
    this.#host.work.endBegun(call, this.seriesOf(name, errorType), NO_DETAIL);
  }

  seriesOf(name: string, errorType?: string): number {
    const key = errorType === undefined ? name : `${name} ${errorType}`;
    return this.#series.id(key, () => [
      this.#system,
      name || undefined,
      undefined,
      undefined,
      undefined,
      errorType,
    ]);
  }
}
