/** Rules and samples for tests, with everything that is not of interest filled in. */
import type { Rule } from '../../src/alerts/rule.js';
import type { Sample } from '../../src/alerts/sample.js';

export const T0 = Date.UTC(2026, 10, 23, 12);

export function makeRule(parts: Partial<Rule> = {}): Rule {
  const { metric = 'response_time', level = 'CRITICAL' } = parts;
  return {
    name: `${metric}.${level.toLowerCase()}`,
    metric,
    level,
    unit: 'ms',
    threshold: 100,
    takesLimits: false,
    clearRatio: 0.9,
    forMs: 60_000,
    clearForMs: 60_000,
    windowMs: 60_000,
    samplesMin: 20,
    enabled: true,
    measured: 'p95 of requests.',
    ...parts,
  };
}

export function makeSample(value: number, timeMs: number, parts: Partial<Sample> = {}): Sample {
  return {
    metric: 'response_time',
    service: 'shop',
    attributes: {},
    value,
    count: 100,
    timeMs,
    ...parts,
  };
}
