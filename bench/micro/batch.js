/** A batch as bytes and back: SERIES busy histograms of SAMPLES wide values, and as many gauges. */
import {
  HTTP_SERVER_REQUEST_DURATION,
  NODEJS_EVENTLOOP_UTILIZATION,
} from '../../dist/shared/metrics.js';
import { decodeBatch } from '../../dist/transport/decode-batch.js';
import { encodeBatch } from '../../dist/transport/encode-batch.js';
import { Window } from '../../dist/workers/window.js';
import { latenciesUs } from '../statistics/random.js';

export const SERIES = 50;
const SAMPLES = 2000;

/**
 * @param {import('../statistics/random.js').Random} random
 * @returns {import('../../dist/transport/batch.js').Batch}
 */
export function busyBatch(random) {
  return batchOf(
    Array.from({ length: SERIES }, () => latenciesUs(SAMPLES, random)),
    random,
  );
}

/**
 * A batch with a histogram, and a gauge, for each list of values.
 *
 * @param {readonly (readonly number[])[]} seriesUs
 * @param {import('../statistics/random.js').Random} random
 * @returns {import('../../dist/transport/batch.js').Batch}
 */
export function batchOf(seriesUs, random) {
  const window = new Window({ digits: 2, seriesMax: 2000 });
  let records = 0;
  for (const [route, valuesUs] of seriesUs.entries()) {
    records += valuesUs.length + 1;
    const { name, kind, unit, scale } = HTTP_SERVER_REQUEST_DURATION;
    const cell = window.cell({
      ...{ name, kind, unit, scale },
      attributes: requestAttributes(route),
    });
    for (const value of valuesUs) cell.record(value);
    window.set(NODEJS_EVENTLOOP_UTILIZATION, random() * 10_000, [
      ['tachograph.thread.slot', String(route)],
    ]);
  }
  return {
    identity: {
      agent: 'bench:1',
      boot: '00000000-0000-4000-8000-000000000000',
      sequence: 1,
    },
    resource: [['service.name', 'bench']],
    startMs: 1_700_000_000_000,
    durationMs: 10_000,
    closedMs: 1_700_000_010_000,
    records,
    ...window.contents(),
    events: [],
    ledger: { recorded: records, delivered: 0, pending: 0, dropped: {} },
  };
}

/**
 * Attributes of the series of one route, as the agent names them.
 *
 * @param {number} route
 * @returns {(readonly [string, string])[]}
 */
export function requestAttributes(route) {
  return [
    ['http.request.method', 'GET'],
    ['http.response.status_class', '2xx'],
    ['http.route', `/resource-${route}/:id`],
  ];
}

/** @type {readonly import('./tasks.js').MicroTask[]} */
export const batchTasks = [
  {
    name: 'encodeBatchNs',
    calls: 1,
    setup: (random) => {
      const batch = busyBatch(random);
      return () => {
        encodeBatch(batch);
      };
    },
  },
  {
    name: 'decodeBatchNs',
    calls: 1,
    setup: (random) => {
      const bytes = encodeBatch(busyBatch(random));
      return () => {
        decodeBatch(bytes);
      };
    },
  },
];
