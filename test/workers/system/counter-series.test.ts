import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTAINER_CPU_TIME } from '../../../src/shared/metrics.js';
import { createCounterSeries } from '../../../src/workers/system/counter-series.js';
import { createRecordingSink } from './recording-sink.js';

const KEY = 'container.cpu.time{}';

describe('a counter series', () => {
  it('adds up to what the total grew by, whatever the factor, without losing fractions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000_000)),
        fc.constantFrom(1, 512, 1 / 1000),
        (steps, factor) => {
          const sink = createRecordingSink();
          const series = createCounterSeries(sink, CONTAINER_CPU_TIME, factor);
          let total = 5_000_000;
          series(total);
          for (const step of steps) {
            total += step;
            series(total);
          }
          const grown = Math.floor(total * factor) - Math.floor(5_000_000 * factor);
          expect(sink.sum(KEY) || 0).toBe(grown);
        },
      ),
    );
  });

  it('never reports a negative delta or more than the totals ever grew between two samples', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 32)), (totals) => {
        const sink = createRecordingSink();
        const series = createCounterSeries(sink, CONTAINER_CPU_TIME, 1);
        for (const total of totals) series(total);
        const rises = totals.slice(1).map((total, i) => Math.max(0, total - (totals[i] ?? 0)));
        const reported = sink.values.get(KEY) ?? [];
        expect(reported.every((delta) => delta >= 0)).toBe(true);
        expect(sink.sum(KEY) || 0).toBe(rises.reduce((sum, rise) => sum + rise, 0));
      }),
    );
  });

  it('spans a reading that failed, and does not take it for a restart', () => {
    const sink = createRecordingSink();
    const series = createCounterSeries(sink, CONTAINER_CPU_TIME, 1);
    for (const total of [100, Number.NaN, 130]) series(total);
    expect(sink.values.get(KEY)).toEqual([30]);
  });

  it('is silent while the total is 0, and reports 0 once it has moved', () => {
    const sink = createRecordingSink();
    const series = createCounterSeries(sink, CONTAINER_CPU_TIME, 1);
    for (const total of [0, 0, 0]) series(total);
    expect(sink.values.size).toBe(0);
    for (const total of [7, 7]) series(total);
    expect(sink.values.get(KEY)).toEqual([7, 0]);
  });
});
