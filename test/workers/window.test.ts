import { describe, expect, it } from 'vitest';
import { HTTP_CLIENT_REQUEST_DURATION } from '../../src/shared/metrics.js';
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
