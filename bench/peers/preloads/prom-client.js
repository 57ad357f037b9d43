/**
 * Runs in a measured process. A histogram as prom-client's users fill it, pushed once a window and at the end: what
 * a scrape costs, without a second server in the process.
 */
import { subscribe } from 'node:diagnostics_channel';
import { markStarted, requirePeer } from './peer-folder.js';

const PUSH_MS = 10_000;

const { Histogram, Pushgateway } = requirePeer('prom-client');
const duration = new Histogram({
  name: 'http_server_request_duration_seconds',
  help: 'Duration of HTTP requests.',
  labelNames: ['method', 'route', 'status'],
});
/** @type {WeakMap<object, number>} */
const startsMs = new WeakMap();
subscribe('http.server.request.start', (message) => {
  startsMs.set(/** @type {any} */ (message).request, performance.now());
});
subscribe('http.server.response.finish', (message) => {
  const { request, response } = /** @type {any} */ (message);
  const startMs = startsMs.get(request);
  if (startMs === undefined) return;
  const route = request.url.split('?', 1)[0];
  duration
    .labels(request.method, route, response.statusCode)
    .observe((performance.now() - startMs) / 1000);
});

const gateway = new Pushgateway(process.env.BENCH_PUSH_GATEWAY_URL);
const push = () => gateway.push({ jobName: 'bench' });
setInterval(() => push().catch(() => {}), PUSH_MS).unref();
process.once('beforeExit', push);
markStarted('prom-client');
