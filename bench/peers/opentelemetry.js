/**
 * OpenTelemetry's auto-instrumentations with their defaults: every span, sent as OTLP protobuf over HTTP. 0.80 is
 * the last that runs on Node.js 20.
 */
import { OTLP } from '../sinks/otlp.js';

/** @type {import('./peers.js').Peer} */
export const openTelemetry = {
  name: 'opentelemetry',
  packages: {
    '@opentelemetry/api': '1.9.1',
    '@opentelemetry/auto-instrumentations-node': '0.80.0',
  },
  preload: 'opentelemetry.js',
  env: (sinkUrl) => ({
    OTEL_SERVICE_NAME: 'bench',
    OTEL_EXPORTER_OTLP_ENDPOINT: sinkUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_SAMPLER: 'always_on',
    // Spans past 2,048 that wait are dropped by default; a busy loop makes more between two exports.
    OTEL_BSP_MAX_QUEUE_SIZE: '1000000',
  }),
  protocol: OTLP,
  addedUs: 50,
};
