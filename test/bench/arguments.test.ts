import { describe, expect, it } from 'vitest';
import { commandOf, HELP, parseArguments } from '../../bench/arguments.js';
import { BenchError } from '../../bench/bench-error.js';
import { HARNESSES } from '../../bench/harnesses/harnesses.js';
import { HARNESS_NAMES } from '../../bench/harnesses/names.js';
import { PEERS } from '../../bench/peers/peers.js';
import { needsDatabase, planFor } from '../../bench/plan.js';

const parse = (...argv: string[]) => parseArguments(argv, 42);

function refusal(...argv: string[]): BenchError {
  try {
    parse(...argv);
  } catch (error) {
    return error as BenchError;
  }
  throw new Error('expected a refusal');
}

describe('command line', () => {
  it('means everything, with a seed of its own, when it is empty', () => {
    expect(parse()).toEqual({
      help: false,
      quick: false,
      seed: 42,
      rounds: undefined,
      harnesses: undefined,
      workloads: undefined,
      peers: [],
      node: undefined,
      lengthMs: undefined,
      json: undefined,
      against: undefined,
      writeBaseline: false,
      readme: undefined,
    });
  });

  it('takes every flag', () => {
    const argv =
      '--quick --seed 7 --rounds 9 --harness micro,loopback --workload http-hello --peer sentry ' +
      '--node 24 --length 1h --json x.json --against baseline --readme a.json,b.json';
    expect(parse(...argv.split(' '))).toEqual({
      help: false,
      quick: true,
      seed: 7,
      rounds: 9,
      harnesses: ['micro', 'loopback'],
      workloads: ['http-hello'],
      peers: ['sentry'],
      node: '24',
      lengthMs: 3_600_000,
      json: 'x.json',
      against: 'baseline',
      writeBaseline: false,
      readme: ['a.json', 'b.json'],
    });
  });

  it('makes a baseline of a whole run, with as many rounds as one likes', () => {
    const args = parse('--quick', '--rounds', '14', '--write-baseline');
    expect(args).toMatchObject({ quick: true, rounds: 14, writeBaseline: true });
  });

  it.each([
    [['--fast'], '--fast'],
    [['extra'], 'extra'],
    [['--rounds'], '--rounds'],
    [['--rounds', '0'], 'from 1 to 1000, got "0"'],
    [['--rounds', 'many'], 'got "many"'],
    [['--rounds', '2.5'], 'got "2.5"'],
    [['--seed', '-1'], '--seed'],
    [['--seed', '99999999999'], '--seed'],
    [['--workload', 'rails'], 'expected one of http-hello'],
    [['--workload', ''], 'got ""'],
    [['--harness', 'in-memory,moon'], 'got "moon"'],
    [['--peer', 'new-relic'], 'expected one of prom-client'],
    [['--length', '10'], 'from 20s to 24h'],
    [['--length', '5s'], 'got "5s"'],
    [['--length', '25h'], 'got "25h"'],
    [['--write-baseline', '--harness', 'micro'], 'expected every harness'],
    [['--write-baseline', '--workload', 'http-hello'], 'expected every harness'],
    [['--write-baseline', '--rounds', '5'], 'at least 6 rounds'],
  ])('refuses %j with exit code 2 and says why', (argv, reason) => {
    const error = refusal(...argv);
    expect(error).toBeInstanceOf(BenchError);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(reason);
  });

  it('names every flag in its help', () => {
    const flags =
      'quick harness workload peer node length rounds seed json against write-baseline readme help';
    for (const flag of flags.split(' ')) expect(HELP).toContain(`--${flag}`);
  });
});

describe('the command that a report names', () => {
  it.each([
    '--json=/home/somebody/x.json --quick --seed 7',
    '--quick --json /home/somebody/x.json --seed 7',
    '--quick --seed 7 --json /home/somebody/x.json',
    '--quick --seed 7',
  ])('leaves out where the rows of this machine went: %s', (argv) => {
    expect(commandOf(argv.split(' '))).toBe('npm run bench -- --quick --seed 7');
  });

  it('is without flags when there are none', () => {
    expect(commandOf([])).toBe('npm run bench --');
  });
});

describe('peers', () => {
  it('are all of them when all are asked for', () => {
    expect(parse('--peer', 'all').peers).toEqual(PEERS.map(({ name }) => name));
  });

  it('are pinned exactly', () => {
    const versions = PEERS.flatMap(({ packages }) => Object.values(packages));
    for (const version of versions) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('harnesses', () => {
  it('are known to the command line by the names and in the order in which they run', () => {
    expect(Object.keys(HARNESSES)).toEqual(HARNESS_NAMES);
  });
});

describe('plan', () => {
  const machine = { hasDatabase: true };

  it('has enough rounds for a claim, quick or not', () => {
    for (const argv of [[], ['--quick']]) {
      const { name: _, harnesses, leftOut, growth, ...parts } = planFor(parse(...argv), machine);
      for (const part of Object.values(parts)) {
        expect(part.rounds).toBeGreaterThanOrEqual(6);
      }
    }
  });

  it('changes what the command line says and nothing else', () => {
    const plan = planFor(parse('--quick', '--rounds', '2', '--workload', 'express-json'), machine);
    const quick = planFor(parse('--quick'), machine);
    expect(plan.startUp.rounds).toBe(2);
    expect(plan.loopback.workloads).toEqual(['express-json']);
    expect(plan.loopback.ratePerSecond).toBe(quick.loopback.ratePerSecond);
    expect(quick.inMemory.workloads).toEqual(['fastify-hello']);
  });

  it('leaves out what wants a database where there is none, and says so', () => {
    const full = planFor(parse(), machine);
    const without = planFor(parse(), { hasDatabase: false });
    expect(full.leftOut).toEqual([]);
    expect(needsDatabase(full)).toBe(true);
    expect(without.leftOut).toEqual(['erp-order-page']);
    expect(needsDatabase(without)).toBe(false);
    expect(full.loopback.workloads).toEqual([...without.loopback.workloads, 'erp-order-page']);
  });

  it('runs what is asked for by name, database or not', () => {
    const asked = (...argv: string[]) =>
      planFor(parse('--workload', 'erp-order-page', ...argv), { hasDatabase: false });
    expect(asked().leftOut).toEqual([]);
    expect(needsDatabase(asked())).toBe(true);
    expect(needsDatabase(asked('--harness', 'loopback'))).toBe(true);
    expect(needsDatabase(asked('--harness', 'start-up,micro'))).toBe(false);
  });

  it('needs no database for a quick look', () => {
    expect(needsDatabase(planFor(parse('--quick'), machine))).toBe(false);
  });

  it('runs what takes its time only when asked for by name', () => {
    expect(planFor(parse(), machine).harnesses).not.toContain('growth');
    expect(planFor(parse('--quick'), machine).harnesses).not.toContain('stall');
    expect(planFor(parse('--quick', '--harness', 'growth'), machine).harnesses).toEqual(['growth']);
    expect(planFor(parse(), machine).growth.lengthMs).toBe(600_000);
    expect(planFor(parse('--length', '90s'), machine).growth.lengthMs).toBe(90_000);
  });
});
