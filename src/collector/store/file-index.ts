/**
 * The ids a data file gave to its processes, metrics and series. Runs with the file's writer: ids
 * are looked up in memory, then in the file, and made last. The maps are bounded in characters. After a
 * rollback `forget` must be called, for the ids made in it do not exist.
 *
 * A service or a file past its series limit gets one `(other)` series a metric, so that totals stay
 * exact. One past its metric limit, or a file past its process limit, is refused; rollups refuse nothing.
 */
import { OTHER } from '../../shared/metric.js';
import type { Attributes, Series } from '../../transport/batch.js';
import type { DataFile } from './schema.js';

export interface CardinalityLimits {
  readonly seriesPerServiceMax: number;
  readonly metricsPerServiceMax: number;
  readonly processesMax: number;
  /** Of all services: whoever may send may also name services. */
  readonly seriesMax: number;
  readonly metricsMax: number;
}

/**
 * An agent sends 2,000 series at most; routes differ little between the processes of a service.
 * About 150 metrics exist. 20,000 processes in a day are one every 4 s. A file has room for the series
 * of 40 services at their limit, or of 1,000 with 200 each.
 */
export const CARDINALITY_DEFAULT: CardinalityLimits = {
  seriesPerServiceMax: 5000,
  metricsPerServiceMax: 1000,
  processesMax: 20_000,
  seriesMax: 200_000,
  metricsMax: 50_000,
};

/**
 * Keys of the maps in all, in characters; past that they are emptied, and what is in use comes back from
 * the file. A series takes about 200: room for 160,000. The longest, 8,192 control characters, which JSON
 * writes as six each, takes 49,152: room for 680.
 */
const KEYS_LENGTH_MAX = 32 * 1024 * 1024;

const OVERFLOW: Attributes = [[OTHER, OTHER]];
/** Attributes of the series that takes what is past the limit, as a file has them. */
export const OVERFLOW_SERIES: string = JSON.stringify(OVERFLOW);

/** The data cannot be taken without passing a limit of the store. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

type Definition = Pick<Series, 'name' | 'kind' | 'unit' | 'scale'>;

export class FileIndex {
  readonly #file: DataFile;
  readonly #limits: CardinalityLimits;
  readonly #processes = new Map<string, number>();
  readonly #metrics = new Map<string, number>();
  readonly #series = new Map<string, number>();
  readonly #seriesCounts = new Map<string, number>();
  readonly #keysLengthMax: number;
  #seriesTotal: number | undefined;
  #keysLength = 0;

  constructor(file: DataFile, limits: CardinalityLimits, keysLengthMax: number = KEYS_LENGTH_MAX) {
    this.#file = file;
    this.#limits = limits;
    this.#keysLengthMax = keysLengthMax;
  }

  /** Characters that the maps hold: the maximum and one key at most. */
  get keysLength(): number {
    return this.#keysLength;
  }

  forget(): void {
    this.#processes.clear();
    this.#metrics.clear();
    this.#series.clear();
    this.#seriesCounts.clear();
    this.#seriesTotal = undefined;
    this.#keysLength = 0;
  }

  #remember(map: Map<string, number>, key: string, id: number): number {
    if (this.#keysLength > this.#keysLengthMax) this.forget();
    map.set(key, id);
    this.#keysLength += key.length;
    return id;
  }

  /** The process's id; its row is made with empty accounts when it is new. */
  processId(agent: string, boot: string, service: string): number {
    const key = JSON.stringify([agent, boot]);
    const known = this.#processes.get(key);
    if (known !== undefined) return known;
    const found = this.findProcess(agent, boot);
    if (found !== undefined) return this.#remember(this.#processes, key, found);
    this.#checkProcesses();
    this.#file.sql
      .prepare("INSERT INTO processes VALUES (NULL, ?, ?, ?, '[]', 0, 0, 0, 0, 0, 0, '{}')")
      .run([agent, boot, service]);
    return this.#remember(this.#processes, key, this.findProcess(agent, boot) as number);
  }

  /** The count is skipped without a limit: an hour file may hold a month of processes. */
  #checkProcesses(): void {
    const { processesMax } = this.#limits;
    if (processesMax === Number.POSITIVE_INFINITY) return;
    const row = this.#file.sql.prepare('SELECT count(*) AS total FROM processes').get([]);
    if ((row?.total as number) < processesMax) return;
    throw new LimitError(
      `expected at most ${processesMax} processes in one file, got one more. ` +
        'Processes that restart in a loop make a new one each time.',
    );
  }

  findProcess(agent: string, boot: string): number | undefined {
    const row = this.#file.sql
      .prepare('SELECT id FROM processes WHERE agent = ? AND boot = ?')
      .get([agent, boot]);
    return row?.id as number | undefined;
  }

  metricId(service: string, definition: Definition): number {
    const { name, kind, unit, scale } = definition;
    const values = [service, name, kind, unit, scale];
    const key = JSON.stringify(values);
    const known = this.#metrics.get(key);
    if (known !== undefined) return known;
    const { sql } = this.#file;
    const find = sql.prepare(
      'SELECT id FROM metrics WHERE service = ? AND name = ? AND kind = ? AND unit = ? AND scale = ?',
    );
    let row = find.get(values);
    if (row === undefined) {
      this.#checkMetrics(service);
      sql.prepare('INSERT INTO metrics VALUES (NULL, ?, ?, ?, ?, ?)').run(values);
      row = find.get(values);
    }
    return this.#remember(this.#metrics, key, row?.id as number);
  }

  #checkMetrics(service: string): void {
    const { metricsPerServiceMax, metricsMax } = this.#limits;
    if (this.#count('SELECT count(*) AS total FROM metrics', []) >= metricsMax) {
      throw new LimitError(`expected at most ${metricsMax} metrics in one file, got one more.`);
    }
    const own = 'SELECT count(*) AS total FROM metrics WHERE service = ?';
    if (this.#count(own, [service]) < metricsPerServiceMax) return;
    throw new LimitError(
      `expected at most ${metricsPerServiceMax} metrics of a service, got one more. ` +
        'Put what varies into attributes, not into metric names.',
    );
  }

  #count(sql: string, values: readonly string[]): number {
    return this.#file.sql.prepare(sql).get(values)?.total as number;
  }

  /** The id of a series, or of the metric's `(other)` when the service has too many. */
  seriesId(service: string, metric: number, attributes: string): number {
    const key = `${metric} ${attributes}`;
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const found = this.#findSeries(metric, attributes);
    if (found !== undefined) return this.#remember(this.#series, key, found);
    const { seriesPerServiceMax, seriesMax } = this.#limits;
    const own = this.#seriesCount(service);
    const total = this.#seriesInAll();
    const isFull = own >= seriesPerServiceMax || total >= seriesMax;
    if (attributes !== OVERFLOW_SERIES && isFull) {
      return this.seriesId(service, metric, OVERFLOW_SERIES);
    }
    this.#file.sql.prepare('INSERT INTO series VALUES (NULL, ?, ?)').run([metric, attributes]);
    this.#seriesCounts.set(service, own + 1);
    this.#seriesTotal = total + 1;
    return this.#remember(this.#series, key, this.#findSeries(metric, attributes) as number);
  }

  #findSeries(metric: number, attributes: string): number | undefined {
    const row = this.#file.sql
      .prepare('SELECT id FROM series WHERE metric = ? AND attributes = ?')
      .get([metric, attributes]);
    return row?.id as number | undefined;
  }

  #seriesCount(service: string): number {
    const known = this.#seriesCounts.get(service);
    if (known !== undefined) return known;
    const count = this.#count(
      'SELECT count(*) AS total FROM series JOIN metrics ON metrics.id = series.metric WHERE service = ?',
      [service],
    );
    return this.#remember(this.#seriesCounts, service, count);
  }

  #seriesInAll(): number {
    this.#seriesTotal ??= this.#count('SELECT count(*) AS total FROM series', []);
    return this.#seriesTotal;
  }
}
