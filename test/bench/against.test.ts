import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EarlierRun, readEarlier, writeBaseline } from '../../bench/against/baseline-file.js';
import { basisOf, marginOf } from '../../bench/against/basis.js';
import { type Change, changesSince } from '../../bench/against/changes.js';
import { type Figure, figuresOf } from '../../bench/against/figures.js';
import { parseArguments } from '../../bench/arguments.js';
import { MEASURES, type Measure } from '../../bench/measures.js';
import { planFor, timesOf } from '../../bench/plan.js';
import { renderChanges } from '../../bench/report/changes.js';
import type { Run } from '../../bench/report/markdown.js';
import type { Comparison, Cost } from '../../bench/report/summarise.js';
import type { Interval } from '../../bench/statistics/bootstrap.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-bench-against-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MACHINE = {
  processor: 'Test CPU',
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  system: 'Linux',
  node: '20.1.0',
  tachograph: '0.0.0',
  loadAtStart: 0,
};
const RUN: Run = {
  plan: 'quick',
  times: { 'in-memory': { warmUpMs: 1500 } },
  seed: 1,
  date: '2030-01-01T00:00:00.000Z',
  command: 'npm run bench -- --quick',
  machine: MACHINE,
  peers: [],
  leftOut: [],
};

const interval = (low: number, high: number, rounds = 6): Interval => ({
  median: (low + high) / 2,
  low,
  high,
  rounds,
});

/** CPU a request in memory; `scale` µs without the agent. */
const figure = (cost: Interval, more: Partial<Figure> = {}): Figure => ({
  harness: 'in-memory',
  value: 'processCpuUs',
  subject: 'fastify-hello',
  title: 'CPU, whole process',
  unit: 'µs/request',
  basis: 'off',
  scale: 10,
  cost,
  ...more,
});

const earlier = (before: Figure, machine: Partial<typeof MACHINE> = {}): EarlierRun => ({
  run: { ...RUN, machine: { ...MACHINE, ...machine } },
  figures: [before],
});

function change(before: Figure, after: Figure, machine: Partial<typeof MACHINE> = {}): Change {
  const [found] = changesSince(earlier(before, machine), [after], MACHINE);
  if (found === undefined) throw new Error('expected a change');
  return found;
}

const measure = (more: Partial<Measure>): Measure => ({
  kind: 'compared',
  harness: 'h',
  value: 'cost',
  title: 'CPU',
  unit: 'µs',
  per: 1,
  bar: () => undefined,
  ...more,
});

const comparison = (of: Measure, more: Partial<Comparison> = {}): Comparison => ({
  measure: of,
  subject: 's',
  arm: 'on',
  baseline: { median: 20, min: 19 },
  treatment: { median: 25, min: 24 },
  noise: interval(-1, 1),
  difference: interval(4, 6),
  ratio: interval(1.2, 1.3),
  bar: undefined,
  verdict: undefined,
  ...more,
});

const cost = (of: Measure, value: Interval): Cost => ({
  measure: of,
  subject: 'parts',
  interval: value,
  bar: undefined,
  verdict: undefined,
});

describe('a figure', () => {
  it('of a time is the share that the agent adds to the same run without it', () => {
    const [found] = figuresOf({ comparisons: [comparison(measure({}))], costs: [] });
    expect(found).toMatchObject({ basis: 'off', scale: 20, cost: { rounds: 6 } });
    expect(found?.cost.median).toBeCloseTo(0.25);
    expect(found?.cost.low).toBeCloseTo(0.2);
  });

  it('of bytes is what the agent adds', () => {
    const memory = measure({ unit: 'MB', per: 1024 * 1024 });
    const [found] = figuresOf({ comparisons: [comparison(memory)], costs: [] });
    expect(found).toMatchObject({ basis: 'absolute', scale: 1, cost: interval(4, 6) });
  });

  it('of a part is a multiple of the yardstick, whose own interval widens it', () => {
    const part = measure({ kind: 'absolute', per: 1000 });
    const yardstick = measure({ kind: 'absolute', value: 'yardstickNs', unit: 'ns' });
    const costs = [cost(part, interval(2, 2)), cost(yardstick, interval(40, 60))];
    const found = figuresOf({ comparisons: [], costs });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ basis: 'yardstick', scale: 0.05 });
    expect(found[0]?.cost.median).toBeCloseTo(40);
    expect(found[0]?.cost.low).toBeCloseTo(2000 / 60);
    expect(found[0]?.cost.high).toBeCloseTo(2000 / 40);
  });

  it('is not made of a time that has nothing of its own run to be divided by', () => {
    const part = measure({ kind: 'absolute' });
    const { ratio: _, ...rest } = comparison(measure({}));
    const comparisons = [{ ...rest, ratio: undefined }];
    expect(figuresOf({ comparisons, costs: [cost(part, interval(1, 2))] })).toEqual([]);
  });

  it('is not made of a peer', () => {
    const comparisons = [comparison(measure({}), { arm: 'a peer' })];
    expect(figuresOf({ comparisons, costs: [] })).toEqual([]);
  });
});

describe('the basis of comparison', () => {
  it('is known for every measure', () => {
    for (const row of MEASURES) expect(() => basisOf(row)).not.toThrow();
  });

  it('is none for a growth, whose time was chosen, and for the longest of many', () => {
    expect(basisOf(measure({ kind: 'interval', unit: 'MB/h' }))).toBeUndefined();
    expect(basisOf(measure({ value: 'maxMs', unit: 'ms' }))).toBeUndefined();
  });

  it('is not guessed for a unit that is new', () => {
    expect(() => basisOf(measure({ unit: 'furlong' }))).toThrow('got furlong');
  });

  it('leaves a margin of a percent of the whole where the cost is next to nothing', () => {
    expect(marginOf('off', 0.001)).toBe(0.01);
    expect(marginOf('off', 0.5)).toBeCloseTo(0.05);
    expect(marginOf('absolute', -100)).toBeCloseTo(2);
  });
});

describe('a change', () => {
  it('is slower or faster only when its whole interval is beyond the margin', () => {
    const before = figure(interval(0.3, 0.3));
    expect(change(before, figure(interval(0.34, 0.6))).verdict).toBe('slower');
    expect(change(before, figure(interval(0.32, 0.6))).verdict).toBe('cannot tell');
    expect(change(before, figure(interval(0.1, 0.26))).verdict).toBe('faster');
    expect(change(before, figure(interval(0.1, 0.29))).verdict).toBe('cannot tell');
  });

  it('is unchanged only when its whole interval is within the margin', () => {
    const before = figure(interval(0.3, 0.3));
    expect(change(before, figure(interval(0.29, 0.31))).verdict).toBe('unchanged');
    expect(change(before, figure(interval(0.2, 0.4))).verdict).toBe('cannot tell');
  });

  it('is as uncertain as both runs together', () => {
    const { difference } = change(figure(interval(0.2, 0.4)), figure(interval(0.4, 0.8)));
    expect(difference.median).toBeCloseTo(0.3);
    expect(difference.low).toBeCloseTo(0.3 - Math.hypot(0.1, 0.2));
    expect(difference.high).toBeCloseTo(0.3 + Math.hypot(0.1, 0.2));
  });

  it('cannot be told from fewer than six rounds on either side', () => {
    const few = interval(0.9, 0.9, 5);
    expect(change(figure(interval(0.1, 0.1)), figure(few)).verdict).toBe('cannot tell');
    expect(change(figure(few), figure(interval(0.1, 0.1))).verdict).toBe('cannot tell');
  });

  it('cannot be told between two major versions of Node.js', () => {
    const [before, after] = [figure(interval(0.1, 0.1)), figure(interval(0.9, 0.9))];
    expect(change(before, after, { node: '24.0.0' }).verdict).toBe('cannot tell');
    expect(change(before, after, { node: '20.9.9' }).verdict).toBe('slower');
  });

  it('of a share of a core cannot be told between two processors, of a share of the cost it can', () => {
    const idle = { basis: 'machine', scale: 1 } as const;
    const [before, after] = [interval(0.1, 0.1), interval(0.9, 0.9)];
    const other = { processor: 'Another CPU' };
    expect(change(figure(before, idle), figure(after, idle), other).verdict).toBe('cannot tell');
    expect(change(figure(before, idle), figure(after, idle)).verdict).toBe('slower');
    expect(change(figure(before), figure(after), other).verdict).toBe('slower');
  });

  it('is not made up for a figure that only one run has', () => {
    const before = earlier(figure(interval(1, 2)));
    const other = figure(interval(1, 2), { subject: 'express-json' });
    expect(changesSince(before, [other], MACHINE)).toEqual([]);
  });
});

describe('a regression', () => {
  const before = figure(interval(0.28, 0.32));

  it('is grave when it is certain that the cost has more than doubled and grown by over 3 µs', () => {
    expect(change(before, figure(interval(0.7, 0.9))).isGrave).toBe(true);
  });

  it.each([
    ['it may not have doubled', before, figure(interval(0.6, 1.2))],
    [
      'it has doubled and costs little still',
      figure(interval(0.05, 0.07)),
      figure(interval(0.25, 0.3)),
    ],
    ['rounds are too few', before, figure(interval(0.9, 0.9, 5))],
    [
      'another harness shows it',
      { ...before, harness: 'loopback' },
      figure(interval(0.9, 0.9), { harness: 'loopback' }),
    ],
  ])('is not grave when %s', (_why, then, now) => {
    expect(change(then, now).isGrave).toBe(false);
  });
});

describe('the table of changes', () => {
  const now = { ...RUN, date: '2030-02-02T00:00:00.000Z' };

  it('shows the earlier cost at the speed of this run, and the verdict', () => {
    const changes = changesSince(
      earlier(figure(interval(0.1, 0.1), { scale: 100 })),
      [figure(interval(0.2, 0.2))],
      MACHINE,
    );
    const text = renderChanges(RUN, now, changes);
    expect(text).toContain('Against the run of 2030-01-01T00:00:00.000Z');
    expect(text).toContain('in-memory, fastify-hello: CPU, whole process, µs/request');
    expect(text).toMatch(/\| 1\.00 \[1\.00, 1\.00\] +\| 2\.00 \[2\.00, 2\.00\] +\| 1\.00 \[/);
    expect(text).toMatch(/\| slower +\|/);
    expect(text).not.toContain('regression');
  });

  it('says what cannot be compared', () => {
    const other = { ...MACHINE, processor: 'Another CPU', node: '24.0.0', loadAtStart: 2 };
    const text = renderChanges({ ...RUN, machine: other }, now, []);
    expect(text).toContain('Another Node.js');
    expect(text).toContain('Another processor');
    expect(text).toContain('busy');
    expect(text).toContain('no figure in common');
    expect(renderChanges(RUN, now, [])).not.toMatch(/Another|busy/);
  });

  it('names a grave regression', () => {
    const changes = changesSince(
      earlier(figure(interval(0.3, 0.3))),
      [figure(interval(0.9, 0.9))],
      MACHINE,
    );
    expect(renderChanges(RUN, now, changes)).toContain('by at least 6.00');
  });
});

/** What .ci/run measures. */
function ofCi(): Pick<Run, 'plan' | 'times'> {
  const args = parseArguments(['--quick', '--harness', 'in-memory'], 1);
  return { plan: 'quick', times: timesOf(planFor(args, { hasDatabase: false })) };
}

describe('an earlier run', () => {
  const file = join(folder, 'baseline.json');

  it('is the one of the same plan, and writing one leaves the other plan alone', async () => {
    await writeBaseline(RUN, [figure(interval(0.1, 0.123456789))], file);
    await writeBaseline({ ...RUN, plan: 'full', seed: 2 }, [], file);
    await writeBaseline({ ...RUN, seed: 3 }, [figure(interval(0.1, 0.123456789))], file);
    expect((await readEarlier('baseline', { ...RUN, plan: 'full' }, file)).run.seed).toBe(2);
    const { run, figures } = await readEarlier('baseline', RUN, file);
    expect(run).toMatchObject({ seed: 3, machine: MACHINE });
    expect(figures[0]?.cost.high).toBe(0.12346);
    expect(readFileSync(file, 'utf8')).not.toContain('0.123456789');
  });

  it('may be any file that --json wrote', async () => {
    const results = join(folder, 'results.json');
    writeFileSync(results, JSON.stringify({ run: RUN, findings: {}, figures: [], rows: [] }));
    expect((await readEarlier(results, RUN)).run.date).toBe(RUN.date);
  });

  it.each([
    ['is missing', undefined, 'expected a JSON file'],
    ['is not JSON', 'hello', 'expected a JSON file'],
    ['has no figures', JSON.stringify({ run: RUN }), 'without a run and its figures'],
    [
      'is of another plan',
      JSON.stringify({ run: { ...RUN, plan: 'full' }, figures: [] }),
      'expected a run of the quick plan',
    ],
    [
      'warmed up for another time',
      JSON.stringify({
        run: { ...RUN, times: { 'in-memory': { warmUpMs: 400 } } },
        figures: [figure(interval(0.1, 0.2))],
      }),
      'Take it anew',
    ],
    [
      'does not say how long it measured',
      JSON.stringify({ run: { ...RUN, times: undefined }, figures: [figure(interval(0.1, 0.2))] }),
      'Take it anew',
    ],
  ])('is refused with exit code 2 when it %s', async (_what, text, reason) => {
    const path = join(folder, 'refused.json');
    rmSync(path, { force: true });
    if (text !== undefined) writeFileSync(path, text);
    await expect(readEarlier(path, RUN)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(reason),
    });
  });

  it('is committed with the figure for which .ci/run may fail', async () => {
    const { figures } = await readEarlier('baseline', ofCi());
    const watched = figures.find(
      ({ harness, value, subject }) =>
        `${harness} ${value} ${subject}` === 'in-memory processCpuUs fastify-hello',
    );
    expect(watched?.cost.rounds).toBeGreaterThanOrEqual(6);
  });

  it('is asked for when the baseline has none of this plan', async () => {
    const path = join(folder, 'empty.json');
    writeFileSync(path, '{}');
    await expect(readEarlier('baseline', RUN, path)).rejects.toThrow('--write-baseline');
  });
});
