import { describe, expect, it, vi } from 'vitest';
import { Recorder } from '../../src/agent/recorder.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { OPERATION_DURATION } from '../../src/shared/application-metrics.js';
import { OTHER } from '../../src/shared/metric.js';
import {
  HTTP_SERVER_ACTIVE_REQUESTS,
  HTTP_SERVER_REQUEST_DURATION,
} from '../../src/shared/metrics.js';
import { RingReader } from '../../src/workers/ring-reader.js';
import { Window } from '../../src/workers/window.js';
import { newJournal } from '../support/new-journal.js';

function setUp(seriesMax: number) {
  const ring = new RingWriter(64 * 1024, seriesMax, 0);
  const onOverflow = vi.fn();
  const recorder = new Recorder(ring, seriesMax, onOverflow);
  const window = new Window({ digits: 2, seriesMax });
  const reader = new RingReader(ring.buffer, (series) => window.cell(series), newJournal());
  const read = () => {
    reader.drain();
    return window.contents().histograms.map(({ series, count, sum }) => ({
      route: series.attributes.find(([name]) => name === 'http.route')?.[1],
      count,
      sum,
    }));
  };
  return { recorder, window, read, onOverflow };
}

describe('recorder', () => {
  it('gives the same id for the same metric and values, and another for others', () => {
    const { recorder } = setUp(100);
    const id = recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', '/a', '2xx']);
    expect(recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', '/a', '2xx'])).toBe(id);
    expect(recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', '/b', '2xx'])).not.toBe(id);
    expect(recorder.series(HTTP_SERVER_ACTIVE_REQUESTS)).not.toBe(id);
  });

  it('tells series apart whose values would run together', () => {
    const { recorder } = setUp(100);
    const a = recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', 'a', 'b']);
    expect(recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', 'ab', ''])).not.toBe(a);
  });

  it('leaves out attributes without a value', () => {
    const { recorder, window, read } = setUp(100);
    recorder.record(recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', '/a', undefined]), 1);
    read();
    expect(window.contents().histograms[0]?.series.attributes).toEqual([
      ['http.request.method', 'GET'],
      ['http.route', '/a'],
    ]);
  });

  it('tells two hundred types of errors apart, and calls the others one', () => {
    const { recorder, read, window, onOverflow } = setUp(500);
    for (let i = 0; i < 2500; i++) {
      recorder.record(recorder.series(OPERATION_DURATION, ['a', undefined, `E_${i}`]), 1);
      if (i % 100 === 0) read();
    }
    read();
    const counts = new Map<string, number>();
    for (const { series, count } of window.contents().histograms) {
      counts.set(Object.fromEntries(series.attributes)['error.type'] ?? '', Number(count));
    }
    expect(counts.size).toBe(201);
    expect(counts.get('E_199')).toBe(1);
    expect(counts.get('_OTHER')).toBe(2300);
    expect(onOverflow).not.toHaveBeenCalled();
  });

  it('counts a million random routes exactly, under a bounded number of series', () => {
    const { recorder, read, onOverflow, window } = setUp(200);
    let total = 0;
    let seen = 0;
    for (let i = 0; i < 1_000_000; i++) {
      const id = recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', `/scan/${i}`, '4xx']);
      recorder.record(id, 7);
      total += 1;
      // Drain often enough that the ring never fills.
      if (i % 4096 === 0) read();
    }
    const rows = read();
    for (const row of rows) seen += row.count;
    expect(seen).toBe(total);
    expect(window.seriesCount).toBeLessThanOrEqual(201);
    expect(rows.find((row) => row.route === OTHER)?.count).toBe(total - 200);
    expect(onOverflow).toHaveBeenCalled();
  });

  it('cuts labels of ten megabytes and survives lone surrogates', () => {
    const { recorder, read } = setUp(100);
    recorder.record(
      recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', 'x'.repeat(10_000_000), '2xx']),
      1,
    );
    recorder.record(recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', '\ud800', '2xx']), 2);
    const routes = read().map(({ route }) => route);
    expect(routes[0]).toHaveLength(256);
    expect(routes[1]).toBe('\ufffd');
  });
});
