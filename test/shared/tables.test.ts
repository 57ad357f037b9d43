/** The tables of options, codes and metrics: what every reader of them relies on. */
import { describe, expect, it } from 'vitest';
import { WARNINGS } from '../../src/shared/codes.js';
import { METRICS } from '../../src/shared/metric-catalogue.js';
import { OPTIONS, OTHER_VARIABLES } from '../../src/shared/options.js';
import { formatValue, resolveOptions } from '../../src/shared/resolve-options.js';

describe('the table of options', () => {
  it('names each key and variable once', () => {
    const names = [...OPTIONS.map((row) => row.env), ...OTHER_VARIABLES];
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(OPTIONS.map((row) => row.key)).size).toBe(OPTIONS.length);
    for (const name of names) expect(name).toMatch(/^TACHOGRAPH_[A-Z]+(?:_[A-Z]+)*$/);
  });

  it('lists the file variable of each secret', () => {
    for (const row of OPTIONS.filter((candidate) => candidate.secret)) {
      expect(OTHER_VARIABLES).toContain(`${row.env}_FILE`);
    }
  });

  it('has defaults that are in range, and that read back from how they are shown', () => {
    for (const row of OPTIONS) {
      if ('min' in row) {
        expect(row.default).toBeGreaterThanOrEqual(row.min);
        expect(row.default).toBeLessThanOrEqual(row.max);
      }
      if (row.default === '') continue;
      const shown = formatValue(row, row.default);
      const { options, problems } = resolveOptions({ [row.env]: shown });
      expect(problems).toEqual([]);
      expect(options[row.key as keyof typeof options]).toEqual(row.default);
    }
  });
});

describe('the table of codes', () => {
  it('has a sentence for each', () => {
    for (const [code, meaning] of Object.entries(WARNINGS)) {
      expect(code).toMatch(/^TACHO_[A-Z]+(?:_[A-Z]+)*$/);
      expect(meaning).toMatch(/^\S.*\.$/);
    }
  });
});

describe('the catalogue of metrics', () => {
  it('names each metric and each of its attributes once', () => {
    expect(new Set(METRICS.map((metric) => metric.name)).size).toBe(METRICS.length);
    for (const { attributes } of METRICS) expect(new Set(attributes).size).toBe(attributes.length);
  });

  it('has names as OpenTelemetry writes them, whole scales and a sentence for each', () => {
    for (const { name, scale, description } of METRICS) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$/);
      expect(Number.isInteger(scale) && scale >= 1).toBe(true);
      expect(description).toMatch(/^\S.*\.$/);
    }
  });
});
