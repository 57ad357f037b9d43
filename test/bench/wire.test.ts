import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../bench/arguments.js';
import { wire } from '../../bench/harnesses/wire.js';
import { measuredNode } from '../../bench/machine/measured-node.js';
import { MEASURES } from '../../bench/measures.js';
import { MICRO_TASKS } from '../../bench/micro/tasks.js';
import { planFor } from '../../bench/plan.js';
import { createRandom, latenciesUs } from '../../bench/statistics/random.js';
import { explicitPercentiles, exponentialPercentiles } from '../../bench/wire/otlp-percentiles.js';
import { OWN } from '../../bench/wire/own-encoding.js';
import {
  exactPercentiles,
  PERMILLES,
  worstErrorPercent,
} from '../../bench/wire/percentile-error.js';

const latencies = fc
  .tuple(fc.integer(), fc.integer({ min: 1, max: 500 }))
  .map(([seed, count]) => latenciesUs(count, createRandom(seed)));

/** As OpenTelemetry's SDK puts values into exponential buckets of a scale. */
function exponentialPoint(values: readonly number[], scale: number) {
  const indexes = values.map((value) => Math.ceil(Math.log2(value) * 2 ** scale) - 1);
  const offset = Math.min(...indexes);
  const bucketCounts = new Array(Math.max(...indexes) - offset + 1).fill(0);
  for (const index of indexes) bucketCounts[index - offset] += 1;
  return {
    ...{ count: values.length, min: Math.min(...values), max: Math.max(...values) },
    ...{ scale, zeroCount: 0, positive: { offset, bucketCounts } },
  };
}

describe('exact percentiles', () => {
  it('are values that were recorded, by nearest rank', () => {
    expect(exactPercentiles([30, 10, 20])).toEqual([20, 30, 30, 30]);
    expect(exactPercentiles([7])).toEqual(PERMILLES.map(() => 7));
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(exactPercentiles(hundred)).toEqual([50, 90, 95, 99]);
  });
});

describe('the worst error', () => {
  it('is that of one percentile of one series, in percent of the exact value', () => {
    const exact = [
      [100, 200],
      [10, 20],
    ];
    expect(worstErrorPercent(exact, exact)).toBe(0);
    expect(
      worstErrorPercent(
        [
          [101, 200],
          [10, 19],
        ],
        exact,
      ),
    ).toBeCloseTo(5);
  });
});

describe('percentiles of OpenTelemetry’s histograms', () => {
  it('of exponential buckets err by half a bucket at most', () => {
    fc.assert(
      fc.property(latencies, fc.integer({ min: 0, max: 7 }), (values, scale) => {
        const read = exponentialPercentiles(exponentialPoint(values, scale));
        const halfBucketPercent = (2 ** (0.5 / 2 ** scale) - 1) * 100;
        expect(worstErrorPercent([read], [exactPercentiles(values)])).toBeLessThanOrEqual(
          halfBucketPercent + 1e-6,
        );
      }),
    );
  });

  it('of explicit buckets are interpolated, and held between minimum and maximum', () => {
    const buckets = { boundaries: [0, 10, 20], counts: [0, 50, 50, 0] };
    expect(explicitPercentiles({ count: 100, min: 1, max: 15, buckets })).toEqual([10, 15, 15, 15]);
    expect(explicitPercentiles({ count: 100, min: 1, max: 20, buckets })[1]).toBeCloseTo(18);
  });

  it('of the last explicit bucket, which has no end, reach to the maximum', () => {
    const buckets = { boundaries: [0, 10], counts: [0, 0, 4] };
    expect(explicitPercentiles({ count: 4, min: 12, max: 52, buckets })).toEqual([31, 52, 52, 52]);
  });
});

describe('our encoding', () => {
  it('can be read to 0.4 %, and its body grows by the series alone', async () => {
    const seriesUs = [1, 2, 3].map((seed) => latenciesUs(2000, createRandom(seed)));
    const { body, percentilesUs } = await OWN.encode(seriesUs);
    const exact = seriesUs.map(exactPercentiles);
    expect(worstErrorPercent(percentilesUs, exact)).toBeLessThan(0.4);
    const empty = await OWN.encode([]);
    expect(empty.percentilesUs).toEqual([]);
    expect(empty.body.length).toBeLessThan(300);
    expect(body.length).toBeGreaterThan(3 * 700);
  });
});

describe('wire harness', () => {
  it('measures ours alone in the quick plan, which installs nothing, the same for the same seed', async () => {
    const plan = planFor(parseArguments(['--quick', '--rounds', '1'], 1), { hasDatabase: false });
    const node = measuredNode(undefined, () => {});
    const run = () => wire({ plan, arms: [], node, resources: {}, seed: 1, progress: () => {} });
    const rows = await run();
    expect(await run()).toEqual(rows);
    expect(rows.map(({ subject }) => subject)).toEqual(['busy', 'quiet']);
    for (const { subject, values } of rows) {
      expect(Object.keys(values)).toEqual(['ownPlainBytes', 'ownGzipBytes', 'ownErrorPercent']);
      const bar = MEASURES.find((row) => row.value === 'ownGzipBytes' && row.subject === subject);
      expect(values.ownGzipBytes).toBeLessThanOrEqual(bar?.bar(subject, 20) as number);
      expect(values.ownPlainBytes).toBeGreaterThan(values.ownGzipBytes as number);
    }
  });
});

describe('ingest', () => {
  it('commits a new batch each time', async () => {
    const timed = await MICRO_TASKS.find(({ name }) => name === 'ingestBatchNs')?.setup(
      createRandom(1),
    );
    if (timed === undefined || typeof timed === 'function') throw new Error('expected two steps');
    for (let i = 0; i < 3; i++) {
      timed.prepare();
      await timed.run();
    }
  });
});
