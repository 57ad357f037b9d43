import { describe, expect, it } from 'vitest';
import {
  AGENT_CPU_TIME,
  AGENT_CPU_UTILIZATION,
  AGENT_SAMPLE_DURATION,
  AGENT_SERIES_COUNT,
  HTTP_CLIENT_REQUEST_DURATION,
} from '../../src/shared/metrics.js';
import { Window } from '../../src/workers/window.js';

describe('a window whose series limit is reached', () => {
  it('says so once, and counts on exactly', () => {
    let told = 0;
    const window = new Window({ digits: 2, seriesMax: 3 }, () => {
      told += 1;
    });
    for (let i = 0; i < 3; i++) {
      window.observe(HTTP_CLIENT_REQUEST_DURATION, 1, [['server.address', `host-${i}`]]);
    }
    expect(told).toBe(0);
    for (let i = 0; i < 10; i++) {
      window.observe(HTTP_CLIENT_REQUEST_DURATION, 1, [['server.address', `host-${i}`]]);
    }
    expect(told).toBe(1);
    const { histograms } = window.contents();
    expect(histograms.map(({ count }) => count)).toEqual([2, 2, 2, 7]);
    expect(histograms.at(-1)?.series.attributes).toEqual([['server.address', '(other)']]);
  });
});

describe('a value of the worker that is no number to send', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 2 ** 53])(
    'is left out, and costs no other: %s',
    (value) => {
      const window = new Window({ digits: 2, seriesMax: 10 });
      window.set(AGENT_CPU_UTILIZATION, value);
      window.add(AGENT_CPU_TIME, value);
      window.observe(AGENT_SAMPLE_DURATION, value);
      window.set(AGENT_SERIES_COUNT, 7);
      expect(window.takeOwnRecords()).toBe(1);
      const { histograms, counters, gauges } = window.contents();
      expect(histograms).toEqual([]);
      expect(counters).toEqual([]);
      expect(gauges.map(({ series, last }) => [series.name, last])).toEqual([
        [AGENT_SERIES_COUNT.name, 7],
      ]);
    },
  );
});
