/**
 * Metrics of messages and background jobs; see metrics.ts. A job is one message that was handled, one job
 * of a queue, or one run of a schedule, which has neither a system nor a queue.
 * https://opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics/
 */
import { COUNT, createFamily, type Metric, SECONDS } from './metric.js';

const { metrics, histogram, counter } = createFamily();

export const JOB_METRICS: readonly Metric[] = metrics;

export const JOB_NAME = 'tachograph.job.name';
/** By what jobs are told apart. */
export const JOB: readonly string[] = ['messaging.system', 'messaging.destination.name', JOB_NAME];

export const MESSAGING_PROCESS_DURATION: Metric = histogram(
  'messaging.process.duration',
  SECONDS,
  'One message or job handled by the application; a batch is one.',
  [
    'messaging.system',
    'messaging.destination.name',
    JOB_NAME,
    'messaging.operation.name',
    'error.type',
  ],
);
export const MESSAGING_CLIENT_OPERATION_DURATION: Metric = histogram(
  'messaging.client.operation.duration',
  SECONDS,
  'From a message or job given to its client to the answer of the broker, where one is waited for.',
  ['messaging.system', 'messaging.destination.name', 'messaging.operation.name', 'error.type'],
);
export const JOB_DURATION: Metric = histogram(
  'tachograph.job.duration',
  SECONDS,
  'One run of a schedule.',
  [JOB_NAME, 'error.type'],
);
export const JOB_WAIT_TIME: Metric = histogram(
  'tachograph.job.wait_time',
  SECONDS,
  'From when a job could have begun to when it did, by the clocks of sender and worker; first attempts only.',
  JOB,
);
export const JOB_QUERIES: Metric = histogram(
  'tachograph.job.queries',
  COUNT,
  'Database queries made by one job; jobs without one are not counted.',
  JOB,
);
export const JOB_RETRIES: Metric = counter(
  'tachograph.job.retries',
  COUNT,
  'Jobs begun again after an attempt that failed or was never acknowledged.',
  JOB,
);
