/**
 * A Prometheus push gateway: the text exposition of all metrics, each time from the start of the process on, so that
 * the newest replaces what came before.
 */

const PATH = '/metrics/job/bench';
const COUNT = /^http_server_request_duration_seconds_count(?:\{[^}]*\})? (\d+)$/gm;

/** @type {import('./sink.js').Protocol} */
export const PROMETHEUS = {
  reportsIdle: true,
  createReader: () => (exported, received) => {
    const { method, path, body } = exported;
    if (method !== 'PUT' || path !== PATH) {
      throw new Error(`expected PUT ${PATH}, got ${method} ${path}`);
    }
    const text = body.toString('utf8');
    if (!text.includes('# TYPE http_server_request_duration_seconds histogram')) {
      throw new Error('expected the histogram of requests among the metrics');
    }
    received.batches += 1;
    received.requests = 0;
    for (const [, count] of text.matchAll(COUNT)) received.requests += Number(count);
    return {};
  },
};
