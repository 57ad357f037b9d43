import { expect, it } from 'vitest';
import type { Instrument } from '../../src/agent/agent-port.js';
import { createOwnMetrics } from '../../src/agent/own-metrics.js';
import type { Recorder } from '../../src/agent/recorder.js';

const IMPORT: Instrument = {
  name: 'import.duration',
  kind: 'histogram',
  unit: 's',
  decimals: 6,
  description: '',
  attributes: [],
};

it.each([
  ['kind', { kind: 'gauge' }],
  ['unit', { unit: 'ms', decimals: 0 }],
] as const)(
  'a metric of another %s than the first of its name is left out, and said to be',
  (_, other) => {
    const recorded: number[] = [];
    const warnings: string[] = [];
    const recorder = {
      series: () => 1,
      record: (_: number, value: number) => recorded.push(value),
    };
    const metrics = createOwnMetrics(recorder as unknown as Recorder, (code, detail) =>
      warnings.push(`${code} ${detail}`),
    );
    metrics.record(IMPORT, 0.25, {});
    metrics.record({ ...IMPORT, ...other }, 250, {});
    metrics.record({ ...IMPORT, decimals: 3, attributes: ['table'] }, 0.5, {});
    expect(recorded).toEqual([250_000, 500_000]);
    expect(warnings).toEqual([
      'TACHO_METRIC_INVALID "import.duration": there is a histogram of this name, in s.',
    ]);
  },
);
