/** A sink that keeps what it is told, by the contract of src/workers/sink.ts. */
import type { Metric } from '../../../src/shared/metric.js';
import type { Attributes } from '../../../src/transport/batch.js';
import type { Sink } from '../../../src/workers/sink.js';

export interface RecordingSink extends Sink {
  /** Every value accepted, in order, by `name{attribute=value,…}`. */
  readonly values: Map<string, number[]>;
  /** The sum of a counter; NaN when nothing was added. */
  sum(key: string): number;
  /** The last value of a gauge; NaN when none was set. */
  last(key: string): number;
  names(): string[];
}

export function createRecordingSink(): RecordingSink {
  const values = new Map<string, number[]>();
  const keep = (metric: Metric, value: number, attributes: Attributes = []) => {
    const names = attributes.map(([name]) => name);
    if (names.join() !== [...names].sort().join()) throw new Error(`unsorted: ${names}`);
    if (names.join() !== [...metric.attributes].sort().join()) {
      throw new Error(`${metric.name} has attributes ${metric.attributes}, got ${names}`);
    }
    if (!(value >= 0) || value === Number.POSITIVE_INFINITY) return;
    const key = `${metric.name}{${attributes.map((pair) => pair.join('=')).join(',')}}`;
    const list = values.get(key) ?? [];
    list.push(Math.round(value));
    values.set(key, list);
  };
  const kindChecked = (kind: Metric['kind']) => (m: Metric, v: number, a?: Attributes) => {
    if (m.kind !== kind) throw new Error(`${m.name} is a ${m.kind}, reported as a ${kind}`);
    keep(m, v, a);
  };
  return {
    values,
    add: kindChecked('counter'),
    set: kindChecked('gauge'),
    observe: kindChecked('histogram'),
    sum: (key) => values.get(key)?.reduce((sum, value) => sum + value, 0) ?? Number.NaN,
    last: (key) => values.get(key)?.at(-1) ?? Number.NaN,
    names: () => [...new Set([...values.keys()].map((key) => key.slice(0, key.indexOf('{'))))],
  };
}
