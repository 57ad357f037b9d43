/**
 * The same series as OTLP protobuf, by OpenTelemetry's own SDK and encoder: the histograms that it offers, with their
 * defaults, and one as exact as ours.
 */
import { HTTP_SERVER_REQUEST_DURATION } from '../../dist/shared/metrics.js';
import { requestAttributes } from '../micro/batch.js';
import { explicitPercentiles, exponentialPercentiles } from './otlp-percentiles.js';

/** @typedef {import('./own-encoding.js').Encoding} Encoding */
/** @typedef {import('./install-otlp.js').Load} Load */

/** Level of zlib where none is asked for, as OpenTelemetry's exporter does. */
const GZIP_LEVEL_DEFAULT = 6;
const US_A_MS = 1000;

/**
 * @param {Load} load
 * @returns {Encoding[]}
 */
export function otlpEncodings(load) {
  const { AggregationType } = load('@opentelemetry/sdk-metrics');
  const exponential = AggregationType.EXPONENTIAL_HISTOGRAM;
  return [
    // 160 buckets at most: the scale follows from the range of the values.
    otlp(load, 'exponential', { type: exponential }, exponentialPercentiles),
    // Room for as small an error as ours: scale 7 over the range of the busy series.
    otlp(load, 'fine', { type: exponential, options: { maxSize: 2560 } }, exponentialPercentiles),
    // The 15 bounds of the SDK, from 5 ms to 10 s.
    otlp(
      load,
      'explicit',
      { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM },
      explicitPercentiles,
    ),
  ];
}

/**
 * @param {Load} load
 * @param {string} name
 * @param {object} aggregation
 * @param {(point: any) => number[]} percentiles In ms.
 * @returns {Encoding}
 */
function otlp(load, name, aggregation, percentiles) {
  return {
    name,
    gzipLevel: GZIP_LEVEL_DEFAULT,
    encode: async (seriesUs) => {
      const resourceMetrics = await collect(load, aggregation, seriesUs);
      const { ProtobufMetricsSerializer } = load('@opentelemetry/otlp-transformer');
      const body = ProtobufMetricsSerializer.serializeRequest(resourceMetrics);
      const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints ?? [];
      const percentilesUs = points.map((/** @type {{ value: object }} */ { value }) =>
        percentiles(value).map((ms) => ms * US_A_MS),
      );
      return { body, percentilesUs };
    },
  };
}

/**
 * One window of the SDK, with the attributes of our series.
 *
 * @param {Load} load
 * @param {object} aggregation
 * @param {readonly (readonly number[])[]} seriesUs
 */
async function collect(load, aggregation, seriesUs) {
  const { AggregationTemporality, MeterProvider, MetricReader } = load(
    '@opentelemetry/sdk-metrics',
  );
  const { resourceFromAttributes } = load('@opentelemetry/resources');
  /** @type {new (options: object) => { collect(): Promise<any> }} */
  const Base = MetricReader;
  class Reader extends Base {
    async onForceFlush() {}
    async onShutdown() {}
  }
  // Each window for itself, as our batches are.
  const reader = new Reader({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ 'service.name': 'bench' }),
    readers: [reader],
    views: [{ instrumentName: HTTP_SERVER_REQUEST_DURATION.name, aggregation }],
  });
  const histogram = provider
    .getMeter('bench')
    .createHistogram(HTTP_SERVER_REQUEST_DURATION.name, { unit: 'ms' });
  for (const [route, valuesUs] of seriesUs.entries()) {
    const attributes = Object.fromEntries(requestAttributes(route));
    for (const value of valuesUs) histogram.record(value / US_A_MS, attributes);
  }
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics;
}
