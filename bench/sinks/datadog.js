/**
 * The Datadog agent as dd-trace sees it: `PUT /v0.4/traces`, msgpack, an array of traces of spans. Spans whose
 * span.kind is server are requests. What it sends besides (remote configuration, runtime metrics, telemetry) is answered
 * as by an agent that has none of it.
 */
import { unpack } from 'msgpackr';

const TRACES = '/v0.4/traces';
const BESIDES = /^\/(?:v0\.6\/stats|v0\.7\/config|dogstatsd\/|telemetry\/|evp_proxy\/|debugger\/)/;

/** @type {import('./sink.js').Protocol} */
export const DATADOG = {
  reportsIdle: false,
  createReader: () => (exported, received) => {
    const { path, body } = exported;
    if (path === '/info') return { json: { endpoints: [TRACES], version: '7.60.0' } };
    if (BESIDES.test(path)) return { status: 404 };
    if (path !== TRACES) throw new Error(`expected traces at ${TRACES}, got ${path}`);
    const traces = unpack(body);
    if (!Array.isArray(traces))
      throw new Error(`expected an array of traces, got ${typeof traces}`);
    received.batches += 1;
    for (const span of traces.flat()) {
      if (span.meta?.['span.kind'] === 'server') received.requests += 1;
    }
    return { json: { rate_by_service: {} } };
  },
};
