/**
 * Metrics that the application defines itself, through the public API. The first definition of a name
 * is the one that counts; what contradicts it, or cannot be recorded, is left out with one warning a
 * name. Bounded by METRICS_MAX, and the series by the recorder. Any application thread.
 */
import type { Metric } from '../shared/metric.js';
import { METRICS } from '../shared/metric-catalogue.js';
import type { Instrument, MetricAttributes } from './agent-port.js';
import type { Warn } from './guarded.js';
import type { Recorder } from './recorder.js';
import { SeriesMap } from './series-map.js';

const METRICS_MAX = 200;
const ATTRIBUTES_MAX = 8;
const DECIMALS_MAX = 6;
const UNIT_LENGTH_MAX = 32;
const NAME = /^[a-z][\w.\-/]{0,127}$/i;

/** What takes the values of the application's instruments. */
export interface MetricSink {
  record(instrument: Instrument, value: number, attributes: MetricAttributes): void;
}

interface Known {
  readonly metric: Metric;
  readonly series: SeriesMap;
}

/** Loaded late: most applications define none, and the catalogue of ours is long. */
export function createOwnMetrics(recorder: Recorder, warn: Warn): MetricSink {
  return new OwnMetrics(recorder, warn);
}

class OwnMetrics implements MetricSink {
  readonly #recorder: Recorder;
  readonly #warn: Warn;
  /** By name; undefined where the name was refused. */
  readonly #known = new Map<string, Known | undefined>();
  /** Found by the object itself, for an application keeps its instruments. */
  readonly #byInstrument = new WeakMap<Instrument, Known>();
  /** Told once: there is another of their name. */
  readonly #refused = new WeakSet<Instrument>();

  constructor(recorder: Recorder, warn: Warn) {
    this.#recorder = recorder;
    this.#warn = warn;
  }

  /** `value` is in the instrument's unit; one that is negative or no number is not recorded. */
  record(instrument: Instrument, value: number, attributes: MetricAttributes): void {
    const known = this.#byInstrument.get(instrument) ?? this.#look(instrument);
    if (known === undefined || !(value >= 0 && value < Number.POSITIVE_INFINITY)) return;
    const values = known.metric.attributes.map((name) => textOf(attributes[name]));
    const series = known.series.id(values.join('\0'), () => values);
    this.#recorder.record(series, Math.round(value * known.metric.scale));
  }

  #look(instrument: Instrument): Known | undefined {
    if (this.#refused.has(instrument)) return undefined;
    const { name } = instrument;
    if (!this.#known.has(name)) {
      if (this.#known.size >= METRICS_MAX) {
        this.#refuse(name, `there are ${METRICS_MAX} already`);
        return undefined;
      }
      const fault = faultOf(instrument);
      if (fault !== undefined) this.#refuse(name, fault);
      this.#known.set(name, fault === undefined ? this.#define(instrument) : undefined);
    }
    const known = this.#known.get(name);
    if (known === undefined) return undefined;
    const { kind, unit } = known.metric;
    if (kind !== instrument.kind || unit !== instrument.unit) {
      this.#refused.add(instrument);
      this.#refuse(name, `there is a ${kind} of this name, in ${unit}`);
      return undefined;
    }
    this.#byInstrument.set(instrument, known);
    return known;
  }

  #define({ name, kind, unit, decimals, description, attributes }: Instrument): Known {
    const scale = 10 ** decimals;
    const metric: Metric = { name, kind, unit, scale, description, attributes };
    return { metric, series: new SeriesMap(this.#recorder, metric) };
  }

  #refuse(name: string, came: string): void {
    this.#warn('TACHO_METRIC_INVALID', `${JSON.stringify(String(name).slice(0, 80))}: ${came}.`);
  }
}

/** Why an instrument cannot be recorded: what was expected, and what came. */
function faultOf({ name, unit, decimals, attributes }: Instrument): string | undefined {
  if (typeof name !== 'string' || !NAME.test(name)) {
    return 'expected a name of up to 128 letters, digits and . _ - /, that begins with a letter';
  }
  if (name.startsWith('tachograph.') || METRICS.some((metric) => metric.name === name)) {
    return 'expected a name of the application’s own, got one of Tachograph’s';
  }
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > DECIMALS_MAX) {
    return `expected decimals from 0 to ${DECIMALS_MAX}`;
  }
  if (typeof unit !== 'string' || unit.length > UNIT_LENGTH_MAX) {
    return `expected a unit of up to ${UNIT_LENGTH_MAX} characters`;
  }
  const isList = Array.isArray(attributes) && attributes.every((each) => NAME.test(String(each)));
  if (!isList || new Set(attributes).size !== attributes.length) {
    return 'expected attributes as a list of different names';
  }
  return attributes.length > ATTRIBUTES_MAX
    ? `expected up to ${ATTRIBUTES_MAX} attributes, got ${attributes.length}`
    : undefined;
}

function textOf(value: string | number | boolean | undefined): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
