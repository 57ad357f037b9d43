/**
 * prom-client: one histogram of request durations by method, route and status, filled from the diagnostics channels
 * of node:http. The least an application can do by hand, and all that is comparable of it: no queries, no traces.
 */
import { PROMETHEUS } from '../sinks/prometheus.js';

/** @type {import('./peers.js').Peer} */
export const promClient = {
  name: 'prom-client',
  packages: { 'prom-client': '15.1.3' },
  preload: 'prom-client.js',
  env: (sinkUrl) => ({ BENCH_PUSH_GATEWAY_URL: sinkUrl }),
  protocol: PROMETHEUS,
  addedUs: 1,
};
