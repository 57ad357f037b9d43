/** The public API in a real application, which imports another copy of the package than is preloaded. */
import { describe, expect, it } from 'vitest';
import { countOf, type Line, PATIENT, runApp } from '../support/run-app.js';
import { spansOf } from '../support/spans-of.js';

const DURATION = 'tachograph.operation.duration';
const EXPECTED = [42, 'paid', 'sold', true, true, true, true, true];

function named(lines: readonly Line[], name: string): Line[] {
  return lines.filter((line) => line.name === name);
}

describe('business operations', () => {
  it('are recorded with their modules, errors and nesting, and change nothing', async () => {
    const { code, stdout, stderr, lines } = await runApp('operations.mjs', { env: PATIENT });
    expect({ code, said: JSON.parse(stdout) }).toEqual({ code: 0, said: EXPECTED });
    const count = (name: string, where: Partial<Line> = {}): number =>
      countOf(lines, DURATION, { 'tachograph.operation.name': name, ...where });
    expect(count('stock_calculation', { 'tachograph.module': 'inventory' })).toBe(1);
    expect(count('hr_payroll_calculation', { 'tachograph.module': 'hr' })).toBe(1);
    expect(count('named', { 'tachograph.module': 'sales' })).toBe(1);
    expect(count('failing', { 'error.type': 'RangeError' })).toBe(3);
    expect(count('outer')).toBe(1);
    expect(count('inner')).toBe(4);
    expect(count('timed', { 'tachograph.module': 'inventory' })).toBe(2);
    expect(count('timed', { 'error.type': 'TypeError' })).toBe(1);
    expect(JSON.stringify(lines)).not.toContain('4242');
    // Said once, for three metrics that cannot be.
    expect(stderr.match(/TACHO_METRIC_INVALID/g)).toHaveLength(1);
  });

  it('keep the trace of one that is slow, with what it called', async () => {
    const { stdout, lines } = await runApp('operations.mjs', {
      env: { ...PATIENT, TACHOGRAPH_TEST_PRINT_ID: '1' },
    });
    const id = /^ID ([\da-f]{32})$/m.exec(stdout)?.[1];
    const traces = named(lines, 'tachograph.trace');
    const outer = traces.find((line) => line['tachograph.operation.name'] === 'outer');
    expect(outer).toMatchObject({ trace_id: id, 'tachograph.trace.reason': 'slow' });
    const spans = spansOf(outer);
    expect(spans.map(({ name }) => name)).toEqual(Array.from({ length: 4 }, () => DURATION));
    const failing = traces.filter((line) => line['tachograph.operation.name'] === 'failing');
    expect(failing.map((line) => line['tachograph.trace.reason'])).toEqual([
      'error',
      'error',
      'error',
    ]);
  });

  it('run as without Tachograph where no agent runs', async () => {
    const { code, stdout, stderr } = await runApp('operations.mjs', { isBare: true });
    const said = JSON.parse(stdout) as unknown[];
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(said).toEqual(EXPECTED);
  });
});

describe('the API also records', () => {
  it('metrics of the application’s own, user timing, and events from before the worker was up', async () => {
    const { lines } = await runApp('operations.mjs', { env: PATIENT });
    expect(named(lines, 'orders.placed')).toMatchObject([
      { kind: 'counter', value: 3, unit: '{order}', warehouse: 'north', express: 'true' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('never@example.com');
    expect(named(lines, 'stock.level')).toMatchObject([{ kind: 'gauge', value: 12.35 }]);
    expect(named(lines, 'order.value')).toMatchObject([
      { kind: 'histogram', count: 1, sum: 19.99 },
    ]);
    expect(named(lines, 'tachograph.mine')).toEqual([]);
    expect(named(lines, 'tachograph.mark')).toMatchObject([
      { 'tachograph.mark.name': 'deploy', version: '1.2.3', forced: 'false' },
    ]);
    expect(named(lines, 'tachograph.user_timing.duration')).toMatchObject([
      { 'tachograph.user_timing.name': 'import #', count: 1, sum: 0.025 },
    ]);
    expect(named(lines, 'tachograph.user_timing.marks')).toMatchObject([
      { 'tachograph.user_timing.name': 'loaded', value: 1 },
      { 'tachograph.user_timing.name': 'GET /reset', value: 1 },
      { 'tachograph.user_timing.name': 'mail to #, #', value: 1 },
    ]);
  });
});
