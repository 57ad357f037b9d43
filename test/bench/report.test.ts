import { describe, expect, it } from 'vitest';
import type { Arm } from '../../bench/arms.js';
import type { Row } from '../../bench/harnesses/rows.js';
import type { Bar, Measure } from '../../bench/measures.js';
import { MEASURES } from '../../bench/measures.js';
import { number, renderReport } from '../../bench/report/markdown.js';
import { createProgress } from '../../bench/report/progress.js';
import { summarise } from '../../bench/report/summarise.js';

const arm = (name: string, role: Arm['role']): Arm => ({
  name,
  role,
  execArgv: [],
  env: () => ({}),
});
const ARMS = [arm('off', 'baseline'), arm('off2', 'repeat'), arm('on', 'treatment')];

const measure = (bar: Bar | undefined, per = 1): Measure => ({
  kind: 'compared',
  harness: 'h',
  value: 'cost',
  title: 'CPU',
  unit: 'µs',
  per,
  bar: () => bar,
});

/** Eight rounds of `off`, `off2` and `on`, each round with a level of its own. */
function rounds(off2: number, on: number): Row[] {
  const rows: Row[] = [];
  for (let round = 0; round < 8; round++) {
    const level = 10 + round;
    const cost = { off: level, off2: level + off2, on: level + on };
    for (const [name, value] of Object.entries(cost)) {
      rows.push({ harness: 'h', subject: 's', arm: name, round, values: { cost: value } });
    }
  }
  // Rows come in any order.
  return rows.reverse();
}

function compare(rows: Row[], of: Measure) {
  const [comparison] = summarise(rows, [of], ARMS, 1).comparisons;
  if (comparison === undefined) throw new Error('expected a comparison');
  return comparison;
}

describe('summary', () => {
  it('compares within rounds, so that what drifts between them does not count', () => {
    const { difference, noise, baseline, treatment } = compare(rounds(0.5, 2), measure(3));
    expect(difference).toMatchObject({ median: 2, low: 2, high: 2, rounds: 8 });
    expect(noise).toMatchObject({ median: 0.5, low: 0.5, high: 0.5 });
    expect(baseline).toEqual({ median: 13.5, min: 10 });
    expect(treatment).toEqual({ median: 15.5, min: 12 });
  });

  it('judges by the bar in the unit that is shown', () => {
    expect(compare(rounds(0, 2), measure(2)).verdict).toBe('holds');
    expect(compare(rounds(0, 2.5), measure(2)).verdict).toBe('missed');
    expect(compare(rounds(0, 2000), measure(2, 1000)).verdict).toBe('holds');
    expect(compare(rounds(0, 2), measure(undefined)).verdict).toBeUndefined();
  });

  it('judges "within noise" by the difference between two runs of the same', () => {
    expect(compare(rounds(-3, 2), measure('noise')).verdict).toBe('holds');
    expect(compare(rounds(-9, 2), measure('noise')).verdict).toBe('cannot tell');
    expect(compare(rounds(1, 2), measure('noise')).verdict).toBe('missed');
  });

  it('judges a share by the ratio of each round to its baseline', () => {
    // 2 of 10 to 17: from 11.8 % to 20 %.
    expect(compare(rounds(0, 2), measure({ percentMax: 21 })).verdict).toBe('holds');
    expect(compare(rounds(0, 2), measure({ percentMax: 11 })).verdict).toBe('missed');
    expect(compare(rounds(0, 2), measure({ percentMax: 15 })).verdict).toBe('cannot tell');
    expect(compare(rounds(0, 2), measure({ percentMax: 21 }, 1000)).verdict).toBe('holds');
  });

  it('cannot tell the share of nothing', () => {
    const zero = rounds(0, 2).map((row) =>
      row.arm === 'off' ? { ...row, values: { cost: 0 } } : row,
    );
    expect(compare(zero, measure({ percentMax: 3 })).verdict).toBe('cannot tell');
  });

  it('pairs only the rounds that both arms have', () => {
    const rows = rounds(0, 2).filter((row) => row.arm !== 'on' || row.round < 3);
    expect(compare(rows, measure(3)).difference.rounds).toBe(3);
    expect(compare(rows, measure(3)).verdict).toBe('cannot tell');
  });

  it('leaves the ratio out when a baseline is 0', () => {
    const rows = rounds(0, 2);
    const zero = rows.map((row) => (row.arm === 'off' ? { ...row, values: { cost: 0 } } : row));
    expect(compare(zero, measure(3)).ratio).toBeUndefined();
    expect(compare(rows, measure(3)).ratio?.rounds).toBe(8);
  });

  it('compares a peer as well, which our bars do not judge', () => {
    const rows = rounds(0, 9).map((row) => (row.arm === 'on' ? { ...row, arm: 'other' } : row));
    const arms = [...ARMS, arm('other', 'peer')];
    const [peer, ...more] = summarise(rows, [measure(3)], arms, 1).comparisons;
    expect(more).toEqual([]);
    expect(peer).toMatchObject({ arm: 'other', difference: { median: 9 } });
    expect(peer?.bar).toBeUndefined();
    expect(peer?.verdict).toBeUndefined();
  });

  it('judges by what is promised for the Node.js that was measured', () => {
    const of: Measure = { ...measure(undefined), bar: (_subject, major) => (major >= 24 ? 3 : 1) };
    const verdictOn = (major: number) =>
      summarise(rounds(0, 2), [of], ARMS, 1, major).comparisons[0]?.verdict;
    expect(verdictOn(24)).toBe('holds');
    expect(verdictOn(20)).toBe('missed');
  });

  it('takes an interval that a run found by itself, and judges ours by it', () => {
    const slope: Measure = { ...measure(1, 10), kind: 'interval', title: 'growth' };
    const values = { cost: 5, costLow: -2, costHigh: 8, points: 60 };
    const row = (name: string, more = {}): Row => ({
      ...{ harness: 'h', subject: 's', arm: name, round: 0 },
      values: { ...values, ...more },
    });
    const rows = [row('off', { costHigh: 99 }), row('on')];
    const { costs, comparisons } = summarise(rows, [slope], ARMS, 1);
    expect(comparisons).toEqual([]);
    expect(costs.map(({ verdict }) => verdict)).toEqual([undefined, 'holds']);
    expect(costs[1]?.measure.title).toBe('growth (on)');
    expect(costs[1]?.interval).toEqual({ median: 0.5, low: -0.2, high: 0.8, rounds: 60 });
    const [grown] = summarise([row('on', { costHigh: 11 })], [slope], ARMS, 1).costs;
    expect(grown?.verdict).toBe('cannot tell');
  });

  it('says nothing of a measure that no row has', () => {
    expect(summarise(rounds(0, 1), MEASURES, ARMS, 1)).toEqual({ comparisons: [], costs: [] });
  });
});

describe('report', () => {
  const run = {
    plan: 'quick',
    times: {},
    seed: 1,
    date: '2030-01-01T00:00:00.000Z',
    command: 'npm run bench -- --quick',
    machine: {
      processor: 'Test CPU',
      cores: 2,
      memoryBytes: 8 * 1024 ** 3,
      system: 'Linux',
      node: '20.0.0',
      tachograph: '0.0.0',
      loadAtStart: 0,
    },
    peers: [],
    leftOut: [],
  };

  it('puts the off/off noise beside the claim, and the claim is the upper end', () => {
    const text = renderReport(run, summarise(rounds(0.5, 2), [measure(3)], ARMS, 1));
    expect(text).toContain('h, s: CPU, µs');
    expect(text).toMatch(/\| 0\.500 \[0\.500, 0\.500\] +\| 2\.00 \[2\.00, 2\.00\], \+/);
    expect(text).toContain('holds: ≤ 2.00');
    expect(text).toContain('Test CPU');
    expect(text).toContain('Node.js 20.0.0');
    expect(text).toContain('seed 1');
  });

  it('claims the upper end of a share where the bar is one', () => {
    const text = renderReport(run, summarise(rounds(0, 2), [measure({ percentMax: 30 })], ARMS, 1));
    expect(text).toContain('| ≤ 30 %');
    expect(text).toMatch(/holds: ≤ \+\d+\.\d %/);
  });

  it('says which workloads were left out, and nothing when all ran', () => {
    const findings = { comparisons: [], costs: [] };
    const text = renderReport({ ...run, leftOut: ['erp-order-page'] }, findings);
    expect(text).toContain('no PostgreSQL was found: erp-order-page');
    expect(renderReport(run, findings)).not.toContain('Left out');
  });

  it('names the peers with their versions, and nobody when there is none', () => {
    const findings = { comparisons: [], costs: [] };
    const text = renderReport({ ...run, peers: ['dd-trace 5.132.0'] }, findings);
    expect(text).toContain('Peers: dd-trace 5.132.0.');
    expect(renderReport(run, findings)).not.toContain('Peers');
  });

  it('warns of a busy machine, and only of one', () => {
    const findings = { comparisons: [], costs: [] };
    const busy = { ...run, machine: { ...run.machine, loadAtStart: 1.5 } };
    expect(renderReport(busy, findings)).toContain('busy');
    expect(renderReport(run, findings)).not.toContain('busy');
  });

  it.each([
    [0, '0'],
    [-0.00001, '0'],
    [0.1234, '0.123'],
    [-1.234, '−1.23'],
    [12.34, '12.3'],
    [1234.5, '1235'],
  ])('writes %d as %s', (value, text) => expect(number(value)).toBe(text));
});

describe('progress', () => {
  function linesOn(isTTY: boolean): string {
    let text = '';
    const stream = {
      isTTY,
      columns: 20,
      write: (chunk: string) => {
        text += chunk;
      },
    };
    const progress = createProgress(stream, () => 0);
    progress.line('a line that is longer than the terminal is wide');
    progress.end();
    return text;
  }

  it('rewrites one line on a terminal, cut to its width', () => {
    const text = linesOn(true);
    expect(text).not.toContain('\n');
    expect(text).toContain('\r');
    expect(text).not.toContain('wide');
  });

  it('writes plain whole lines elsewhere', () => {
    expect(linesOn(false)).toBe('   0 s  a line that is longer than the terminal is wide\n');
  });
});
