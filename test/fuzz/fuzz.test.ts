/** The fuzzer bites, its targets hold for a bounded number of inputs, and what it found stays mended. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../bench/statistics/random.js';
import { knownFindings } from '../../scripts/fuzz/findings.js';
import { mutate } from '../../scripts/fuzz/mutate.js';
import { runTarget } from '../../scripts/fuzz/run-target.js';
import { TARGETS } from '../../scripts/fuzz/targets.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/fuzz.js', import.meta.url));
const SEED = 20_261_123;
/** The store makes each execution of these two a hundred times as long. */
const EXECUTIONS: Readonly<Record<string, number>> = { ingest: 600, api: 600 };
const EXECUTIONS_DEFAULT = 5000;

afterAll(async () => {
  for (const target of TARGETS) await target.close?.();
});

describe.each(TARGETS.map((target) => [target.name, target] as const))('%s', (name, target) => {
  it('keeps its promises for mutated inputs and for all that was found before', async () => {
    const executionsMax = EXECUTIONS[name] ?? EXECUTIONS_DEFAULT;
    const report = await runTarget(target, {
      seed: SEED,
      known: knownFindings(name),
      isOver: (executions) => executions >= executionsMax,
    });
    expect(report.reason).toBe('');
    expect(report.executions).toBeGreaterThanOrEqual(executionsMax);
    // The mutations get somewhere that seeds and known findings do not.
    expect(report.kindsFirst).toBeGreaterThan(0);
    expect(report.kinds).toBeGreaterThan(report.kindsFirst);
  });
});

describe('the fuzzer', () => {
  /** Broken behind three checks, which chance alone would not pass in so few executions. */
  const planted = {
    name: 'planted',
    seeds: () => [new TextEncoder().encode('harmless')],
    run(input: Uint8Array): string {
      const depth = ['{', '[', '"'].filter((mark, i) => input[i] === mark.charCodeAt(0)).length;
      if (depth === 3) throw new Error('planted');
      return `${depth}`;
    },
  };
  const isOver = (executions: number): boolean => executions >= 200_000;

  it('finds a planted fault, makes it small, and finds the same with the same seed', async () => {
    const reports = [];
    for (let run = 0; run < 2; run++) {
      reports.push(await runTarget(planted, { seed: 3, known: [], isOver }));
    }
    expect(Buffer.from(reports[0]!.finding!).toString()).toBe('{["');
    expect(reports[0]!.reason).toContain('planted');
    expect(reports[1]!).toMatchObject({ executions: reports[0]!.executions });
  });

  it('begins anew after a broken promise, so that a small finding is broken by itself', async () => {
    // Once something went wrong it is wrong for every input, as in a store that keeps what it got.
    let isBroken = false;
    const sticky = {
      ...planted,
      run(input: Uint8Array): string {
        isBroken ||= input.includes('{'.charCodeAt(0));
        if (isBroken) throw new Error('planted');
        return 'harmless';
      },
      close() {
        isBroken = false;
      },
    };
    const report = await runTarget(sticky, { seed: 3, known: [], isOver });
    expect(Buffer.from(report.finding!).toString()).toBe('{');
    expect(isBroken).toBe(false);
  });

  it('runs what is known first', async () => {
    const known = [new TextEncoder().encode('{["')];
    const report = await runTarget(planted, { seed: 1, known, isOver });
    expect(report).toMatchObject({ executions: 2, finding: known[0] });
  });

  it('makes inputs of bounded size, and leaves those it was given alone', () => {
    const random = createRandom(1);
    const given = new Uint8Array(60_000).fill(7);
    let bytes: Uint8Array = given;
    for (let i = 0; i < 2000; i++) {
      bytes = mutate(bytes, given, random);
      expect(bytes.length).toBeLessThanOrEqual(64 * 1024);
    }
    expect(given.every((byte) => byte === 7)).toBe(true);
    expect(mutate(new Uint8Array(), new Uint8Array(), random)).toBeInstanceOf(Uint8Array);
  });

  it('says how much it did, and what it does not understand', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });
    const { stdout, status } = run(
      '--for',
      '1s',
      '--seed',
      '7',
      '--target',
      'decoder,spool-reader',
    );
    expect(stdout).toMatch(/^seed 7, 1s for 2 targets\ndecoder +\d+ executions, corpus \d+\n/);
    expect(stdout).toMatch(/\n\d+ executions in all\n$/);
    expect(status).toBe(0);
    for (const [option, value, said] of [
      ['--for', 'ever', /^fuzz: expected --for as 60s, 5m or 1h, got "ever"\n$/],
      ['--seed', '-1', /^fuzz: .*--seed.*\n$/s],
      ['--seed', '4294967296', /^fuzz: expected --seed from 0 to 4294967295, got "4294967296"\n$/],
      ['--target', 'x', /^fuzz: expected targets among decoder, .*, got "x"\n$/],
      ['--speed', '1', /^fuzz: .*'--speed'.*\n$/],
    ] as const) {
      const { status, stdout, stderr } = run(option, value);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(said);
    }
  });
});
