/** docs/reference/metrics.md from the catalogue of metrics. */
import { code, table } from './markdown.js';

/** @param {readonly import('../../src/shared/metric.ts').Metric[]} metrics */
export function metricsPage(metrics) {
  const rows = metrics.map((metric) => [
    code(metric.name),
    metric.kind,
    code(metric.unit),
    metric.scale === 1 ? '1' : `1/${metric.scale.toLocaleString('en')}`,
    metric.attributes.map(code).join(', '),
    metric.description,
  ]);
  return `# Metrics

Every metric this version records. Names follow the OpenTelemetry semantic conventions where one exists; a name under
\`tachograph.\` is ours. A histogram is a distribution: any percentile can be asked of it, and merging two loses nothing. A
counter is what was added during a window, a gauge the state at sampling times (least, greatest, mean and last).

\`tachograph.thread.slot\` tells the threads of a process apart. It is absent on the main thread. A worker thread of the
application gets the lowest number, from 1, that no living thread has; the next thread may get it again, so it is not
Node's \`threadId\`. Metrics without it hold all threads together.

On the wire a value is a whole number of \`step\` units; the collector, the dashboard and the flat formats divide.

${table(['Metric', 'Kind', 'Unit', 'Step', 'Attributes', 'Meaning'], rows)}
`;
}
