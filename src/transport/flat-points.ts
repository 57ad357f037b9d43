/**
 * A batch as flat maps, one for each point: what receivers that know nothing of Tachograph store and
 * query. Values are in the metric's unit (seconds, bytes, ratios), times in Unix seconds. Used by the
 * msgpack-over-HTTP, file and stdout senders; docs/reference/wire-format.md lists the fields.
 */
import type { Attributes, Batch, Series } from './batch.js';
import { decodeHdrPayload } from './decode-hdr-payload.js';
import { percentilesOf } from './percentiles.js';

export type FlatPoint = Record<string, string | number>;

/** Names of percentiles, ascending, and the same in thousandths. */
const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p999'] as const;
const PERMILLES = [500, 900, 950, 990, 999] as const;

/** Every point and event of the batch, in its order. */
export function flatPoints(batch: Batch): FlatPoint[] {
  const points: FlatPoint[] = [];
  const add = (series: Series, values: FlatPoint): void => {
    points.push(assemble(batch, series, values));
  };
  for (const point of batch.histograms) {
    const { scale } = point.series;
    const values = folded(point, scale);
    const percentiles = percentilesOf(decodeHdrPayload(point.payload), PERMILLES, point);
    PERCENTILES.forEach((name, i) => {
      values[name] = percentiles[i]! / scale;
    });
    add(point.series, values);
  }
  for (const point of batch.counters) {
    add(point.series, { value: point.value / point.series.scale });
  }
  for (const point of batch.gauges) {
    const { scale } = point.series;
    add(point.series, { ...folded(point, scale), value: point.last / scale });
  }
  for (const event of batch.events) {
    const own: FlatPoint = { time: event.timeMs / 1000, name: event.name, kind: 'event' };
    points.push(withAttributes(identified(batch, own), event.attributes, batch.resource));
  }
  return points;
}

function assemble(batch: Batch, series: Series, values: FlatPoint): FlatPoint {
  const own: FlatPoint = {
    time: (batch.startMs + batch.durationMs) / 1000,
    duration: batch.durationMs / 1000,
    name: series.name,
    kind: series.kind,
    unit: series.unit,
    ...values,
  };
  return withAttributes(identified(batch, own), series.attributes, batch.resource);
}

/** The batch's identity, by which a receiver can tell a repeated delivery. */
function identified(batch: Batch, point: FlatPoint): FlatPoint {
  const { agent, boot, sequence } = batch.identity;
  return { ...point, agent, boot, sequence };
}

function folded(
  point: { count: number; sum: number; min: number; max: number },
  scale: number,
): FlatPoint {
  return {
    count: point.count,
    sum: point.sum / scale,
    min: point.min / scale,
    max: point.max / scale,
  };
}

/** The point's attributes, then the resource's. A name that is taken gets the prefix `attribute.`. */
function withAttributes(point: FlatPoint, own: Attributes, resource: Attributes): FlatPoint {
  for (const [name, value] of [...own, ...resource]) {
    point[Object.hasOwn(point, name) ? `attribute.${name}` : name] = value;
  }
  return point;
}
