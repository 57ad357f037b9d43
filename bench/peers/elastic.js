/** Elastic's APM agent with its defaults: every transaction, sent to the APM server's intake. */
import { ELASTIC } from '../sinks/elastic.js';

/** @type {import('./peers.js').Peer} */
export const elastic = {
  name: 'elastic-apm-node',
  packages: { 'elastic-apm-node': '4.18.0' },
  preload: 'elastic.js',
  env: (sinkUrl) => ({
    ELASTIC_APM_SERVICE_NAME: 'bench',
    ELASTIC_APM_SERVER_URL: sinkUrl,
    ELASTIC_APM_TRANSACTION_SAMPLE_RATE: '1',
    // It logs to stdout, where a measured process says its figures.
    ELASTIC_APM_LOG_LEVEL: 'off',
    // Events past 1,024 that wait are dropped by default; a busy loop makes more between two writes.
    ELASTIC_APM_MAX_QUEUE_SIZE: '1000000',
  }),
  protocol: ELASTIC,
  addedUs: 170,
};
