/**
 * How often a comparison with an earlier run errs, by simulated runs on machines of different speed. The noise is
 * that of measured runs: rounds drift, identical processes differ by a few percent, one in ten is out of luck.
 */
import { describe, expect, it } from 'vitest';
import { type ChangeVerdict, changesSince } from '../../bench/against/changes.js';
import { type Figure, figuresOf } from '../../bench/against/figures.js';
import { ARMS } from '../../bench/arms.js';
import type { Row } from '../../bench/harnesses/rows.js';
import type { Measure } from '../../bench/measures.js';
import type { Run } from '../../bench/report/markdown.js';
import { summarise } from '../../bench/report/summarise.js';
import { createRandom, type Random } from '../../bench/statistics/random.js';

const OFF_US = 12;
const RUNS = 120;
/** Of the full plan's in-memory harness. */
const ROUNDS = 14;

const MEASURE: Measure = {
  kind: 'compared',
  harness: 'in-memory',
  value: 'processCpuUs',
  title: 'CPU',
  unit: 'µs/request',
  per: 1,
  bar: () => undefined,
};
const MACHINE = {
  processor: 'Test CPU',
  cores: 2,
  memoryBytes: 1,
  system: 'Linux',
  node: '20.0.0',
  tachograph: '0.0.0',
  loadAtStart: 0,
};
const RUN: Run = {
  plan: 'full',
  times: {},
  seed: 1,
  date: '',
  command: '',
  machine: MACHINE,
  peers: [],
  leftOut: [],
};

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The figures of one run, through the bench's own summary. */
function simulate(addedUs: number, spread: number, rounds: number, random: Random): Figure[] {
  const speed = 0.7 + 0.8 * random();
  const rows: Row[] = [];
  for (let round = 0; round < rounds; round++) {
    const drift = speed * Math.exp(0.1 * normal(random));
    for (const { name } of ARMS) {
      const luck = Math.exp(spread * normal(random)) * (random() < 0.1 ? 1.3 : 1);
      const costUs = (name === 'on' ? OFF_US + addedUs : OFF_US) * drift * luck;
      const run = { harness: 'in-memory', subject: 's', arm: name, round };
      rows.push({ ...run, values: { processCpuUs: costUs } });
    }
  }
  return figuresOf(summarise(rows, [MEASURE], ARMS, Math.floor(random() * 2 ** 31)));
}

interface Cost {
  readonly addedUs: number;
  readonly spread: number;
  readonly rounds?: number;
}

/** The figures of many runs at the same cost. */
function runs({ addedUs, spread, rounds = ROUNDS }: Cost, stream: string): Figure[][] {
  const random = createRandom(20, stream);
  return Array.from({ length: RUNS }, () => simulate(addedUs, spread, rounds, random));
}

/** Shares of verdicts, each run of the one kind against each of the other. */
function verdicts(
  before: readonly Figure[][],
  after: readonly Figure[][],
): Record<ChangeVerdict | 'grave', number> {
  const shares = { faster: 0, slower: 0, unchanged: 0, 'cannot tell': 0, grave: 0 };
  for (const figures of before) {
    for (const { verdict, isGrave } of after.flatMap((now) =>
      changesSince({ run: RUN, figures }, now, MACHINE),
    )) {
      shares[verdict] += 1 / RUNS ** 2;
      if (isGrave) shares.grave += 1 / RUNS ** 2;
    }
  }
  return shares;
}

describe('against an earlier run', () => {
  const before = runs({ addedUs: 5, spread: 0.05 }, 'before');

  it('no change is called slower in less than 2.5 % of runs, and never grave', () => {
    const shares = verdicts(before, runs({ addedUs: 5, spread: 0.05 }, 'no change'));
    expect(shares.slower).toBeLessThan(0.025);
    expect(shares.faster).toBeLessThan(0.025);
    expect(shares.grave).toBe(0);
  });

  it('no change is not called slower because the baseline was calm and today has few rounds', () => {
    const calm = runs({ addedUs: 5, spread: 0.03 }, 'calm');
    const shares = verdicts(calm, runs({ addedUs: 5, spread: 0.1, rounds: 6 }, 'few'));
    expect(shares.slower).toBeLessThan(0.025);
    expect(shares.grave).toBe(0);
  });

  it('a doubled cost is called slower in more than 80 % of runs', () => {
    const shares = verdicts(before, runs({ addedUs: 10, spread: 0.05 }, 'doubled'));
    expect(shares.slower).toBeGreaterThan(0.8);
    expect(shares.faster).toBe(0);
  });

  it('a cost of four times the earlier fails the build in more than 80 % of short runs', () => {
    const shares = verdicts(before, runs({ addedUs: 20, spread: 0.05, rounds: 6 }, 'fourfold'));
    expect(shares.grave).toBeGreaterThan(0.8);
  });
});
