/** A batch as bytes and back: SERIES busy histograms of SAMPLES wide values, and as many gauges. */
import { gzipSync } from 'node:zlib';
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
  const window = new Window({ digits: 2, seriesMax: 2000 });
  for (let route = 0; route < SERIES; route++) {
    const { name, kind, unit, scale } = HTTP_SERVER_REQUEST_DURATION;
    const cell = window.cell({
      ...{ name, kind, unit, scale },
      attributes: [
        ['http.request.method', 'GET'],
        ['http.response.status_class', '2xx'],
        ['http.route', `/resource-${route}/:id`],
      ],
    });
    for (const value of latenciesUs(SAMPLES, random)) cell.record(value);
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
    records: SERIES * (SAMPLES + 1),
    ...window.contents(),
    events: [],
    ledger: { recorded: SERIES * (SAMPLES + 1), delivered: 0, pending: 0, dropped: {} },
  };
}

/**
 * Bytes on the wire for one busy series: the batch with the series, less the batch without, by gzip at the
 * level of the sender.
 *
 * @param {import('../statistics/random.js').Random} random
 */
export function wireBytesPerSeries(random) {
  const batch = busyBatch(random);
  const bytesOf = (/** @type {import('../../dist/transport/batch.js').Batch} */ of) =>
    gzipSync(encodeBatch(of), { level: 4 }).length;
  return (bytesOf(batch) - bytesOf({ ...batch, histograms: [] })) / SERIES;
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
