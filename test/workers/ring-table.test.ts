import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import type { Metric } from '../../src/shared/metric.js';
import {
  HTTP_SERVER_ACTIVE_REQUESTS,
  HTTP_SERVER_REQUEST_DURATION,
  V8JS_GC_DURATION,
} from '../../src/shared/metrics.js';
import { RingTable } from '../../src/workers/ring-table.js';
import { Window } from '../../src/workers/window.js';
import { newJournal } from '../support/new-journal.js';

interface Thread {
  readonly ring: RingWriter;
  record(metric: Metric, value: number, attributes?: readonly string[]): void;
}

function newThread(seriesMax = 100): Thread {
  const ring = new RingWriter(1024 * 8, seriesMax, 0);
  const recorder = new Recorder(ring, seriesMax, () => {});
  return {
    ring,
    record: (metric, value, attributes) =>
      recorder.record(recorder.series(metric, attributes), value),
  };
}

const ROUTE = ['GET', '/', '2xx'];

describe('the table of rings', () => {
  it('tells the threads of a metric apart that each has its own of, and no others', () => {
    const window = new Window({ digits: 2, seriesMax: 100 });
    const table = new RingTable((series) => window.cell(series), newJournal());
    for (const [slot, active] of [3, 4, 5].entries()) {
      const thread = newThread();
      table.attach({ ring: thread.ring.buffer, slot });
      thread.record(HTTP_SERVER_ACTIVE_REQUESTS, active);
      thread.record(HTTP_SERVER_REQUEST_DURATION, 1000, ROUTE);
    }
    table.drain();
    const { gauges, histograms } = window.contents();
    expect(gauges.map(({ series, last }) => [series.attributes, last])).toEqual([
      [[], 3],
      [[['tachograph.thread.slot', '1']], 4],
      [[['tachograph.thread.slot', '2']], 5],
    ]);
    expect(histograms.map(({ count }) => count)).toEqual([3]);
  });

  it('names the slot in the order of the batch, and not in an overflow series', () => {
    const window = new Window({ digits: 2, seriesMax: 100 });
    const table = new RingTable((series) => window.cell(series), newJournal());
    const thread = newThread(1);
    table.attach({ ring: thread.ring.buffer, slot: 2 });
    thread.record(V8JS_GC_DURATION, 10, ['major']);
    thread.record(V8JS_GC_DURATION, 10, ['minor']);
    table.drain();
    expect(window.contents().histograms.map(({ series }) => series.attributes)).toEqual([
      [
        ['tachograph.thread.slot', '2'],
        ['v8js.gc.type', 'major'],
      ],
      [
        ['tachograph.thread.slot', '(other)'],
        ['v8js.gc.type', '(other)'],
      ],
    ]);
  });

  it('lets a ring go once its thread has ended and it is empty', () => {
    const window = new Window({ digits: 2, seriesMax: 100 });
    const table = new RingTable((series) => window.cell(series), newJournal());
    const thread = newThread();
    table.attach({ ring: thread.ring.buffer, slot: 1 });
    thread.record(HTTP_SERVER_ACTIVE_REQUESTS, 1);
    thread.ring.close();
    expect(table.pending).toBe(1);
    expect(table.drain().records).toBe(1);
    thread.record(HTTP_SERVER_ACTIVE_REQUESTS, 1);
    expect(table.drain().records).toBe(0);
  });
});
