/**
 * The worker's side of one record, and the choice behind it: hdr-histogram-js in JavaScript (32-bit counts)
 * against its WebAssembly build.
 */
import { RingWriter } from '../../dist/agent/ring-writer.js';
import { CONTROL_BYTES } from '../../dist/shared/control-layout.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../dist/shared/metrics.js';
import { encodeHdrPayload } from '../../dist/transport/hdr-payload.js';
import { HistogramCell } from '../../dist/workers/cells.js';
import { DrainJournal } from '../../dist/workers/drain-journal.js';
import { RingReader } from '../../dist/workers/ring-reader.js';
import { latenciesUs } from '../statistics/random.js';
import { histogramFactory } from './histogram-factory.js';

const CALLS = 1000;
const DIGITS = 2;

const { attributes: _, ...METRIC } = HTTP_SERVER_REQUEST_DURATION;
const SERIES = { ...METRIC, attributes: [] };

/**
 * @param {{ record(value: number): void }} target
 * @param {readonly number[]} values
 */
function recordAll(target, values) {
  return () => {
    for (let i = 0; i < CALLS; i++) target.record(/** @type {number} */ (values[i]));
  };
}

/**
 * @param {boolean} useWebAssembly
 * @param {readonly number[]} values
 */
async function recordRaw(useWebAssembly, values) {
  const histogram = (await histogramFactory(useWebAssembly))();
  return recordAll({ record: (value) => histogram.recordValue(value) }, values);
}

/** @type {readonly import('./tasks.js').MicroTask[]} */
export const histogramTasks = [
  {
    name: 'cellRecordNs',
    calls: CALLS,
    setup: (random) => recordAll(new HistogramCell(SERIES, DIGITS), latenciesUs(CALLS, random)),
  },
  {
    name: 'hdrJsRecordNs',
    calls: CALLS,
    setup: (random) => recordRaw(false, latenciesUs(CALLS, random)),
  },
  {
    name: 'hdrWasmRecordNs',
    calls: CALLS,
    setup: (random) => recordRaw(true, latenciesUs(CALLS, random)),
  },
  {
    name: 'ringToCellNs',
    calls: CALLS,
    // Write and drain together: the reader has nothing to read otherwise.
    setup: (random) => {
      const writer = new RingWriter(1024 * 1024, 100, 0);
      const cell = new HistogramCell(SERIES, DIGITS);
      const reader = new RingReader(
        writer.buffer,
        () => cell,
        new DrainJournal(new SharedArrayBuffer(CONTROL_BYTES)),
      );
      writer.define(
        JSON.stringify([0, SERIES.name, SERIES.kind, SERIES.unit, SERIES.scale, []]),
        true,
      );
      const write = recordAll(
        { record: (value) => writer.record(0, value) },
        latenciesUs(CALLS, random),
      );
      return () => {
        write();
        if (reader.drain().records !== CALLS) throw new Error('ring: expected every record');
      };
    },
  },
  {
    name: 'payloadNs',
    calls: 1,
    setup: async (random) => {
      const histogram = (await histogramFactory(false))();
      for (const value of latenciesUs(2000, random)) histogram.recordValue(value);
      const source = /** @type {import('../../dist/transport/hdr-payload.js').HdrSource} */ (
        /** @type {unknown} */ (histogram)
      );
      return () => {
        encodeHdrPayload(source);
      };
    },
  },
];
