/** Every metric of this version. */
import { APPLICATION_METRICS } from './application-metrics.js';
import { BROWSER_METRICS } from './browser-metrics.js';
import { DATABASE_METRICS } from './database-metrics.js';
import { JOB_METRICS } from './job-metrics.js';
import type { Metric } from './metric.js';
import { RUNTIME_METRICS } from './metrics.js';

export const METRICS: readonly Metric[] = [
  ...RUNTIME_METRICS,
  ...APPLICATION_METRICS,
  ...DATABASE_METRICS,
  ...JOB_METRICS,
  ...BROWSER_METRICS,
];
