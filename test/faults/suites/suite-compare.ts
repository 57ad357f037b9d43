/**
 * Whether a suite comes out the same with the agent. What differs is run again, both ways: it is only called
 * different when each way agrees with itself, twice; else chance decides. And what any preload changes, one that
 * does nothing too, is not the agent's. Pure, but for the runs that it asks for.
 */
import type { Results } from './suite-run.js';

export interface Difference {
  readonly test: string;
  readonly without: string;
  readonly with: string;
  readonly reason: string;
}

/** Without anything, with a preload that does nothing, and with the agent. */
export type Way = 'bare' | 'preload' | 'agent';

export interface Comparison {
  readonly tests: number;
  /** Of them, what fails either way: it wants what is not here. */
  readonly failing: number;
  readonly same: number;
  /** Names of tests that chance decides. */
  readonly flaky: readonly string[];
  /** That come out as with an empty preload. */
  readonly ofAnyPreload: readonly Difference[];
  readonly different: readonly Difference[];
}

/** Runs the files that are given, all of them without any. */
export type Run = (way: Way, files?: readonly string[]) => Promise<Results>;

export async function compareRuns(run: Run): Promise<Comparison> {
  const [bare, agent] = [await run('bare'), await run('agent')];
  const all = new Set([...bare.keys(), ...agent.keys()]);
  const open = [...all].filter((test) => outcome(bare, test) !== outcome(agent, test));
  const isSame = (test: string): boolean => !open.includes(test);
  const same = [...all].filter(isSame);
  return {
    tests: all.size,
    failing: same.filter((test) => outcome(bare, test) === 'failed').length,
    same: same.length,
    ...(await sortOut(open, bare, agent, run)),
  };
}

type Sorted = Pick<Comparison, 'flaky' | 'ofAnyPreload' | 'different'>;

async function sortOut(
  open: readonly string[],
  bare: Results,
  agent: Results,
  run: Run,
): Promise<Sorted> {
  const sorted = {
    flaky: [] as string[],
    ofAnyPreload: [] as Difference[],
    different: [] as Difference[],
  };
  if (open.length === 0) return sorted;
  const files = [...new Set(open.map((test) => (bare.get(test) ?? agent.get(test))!.file))];
  const [bareAgain, agentAgain] = [await run('bare', files), await run('agent', files)];
  const preload = await run('preload', files);
  for (const test of open) {
    const [without, found] = [outcome(bare, test), outcome(agent, test)];
    const isSure = outcome(bareAgain, test) === without && outcome(agentAgain, test) === found;
    const difference = { test, without, with: found, reason: reasonOf(test, agent, bare) };
    if (!isSure) sorted.flaky.push(test);
    else if (outcome(preload, test) === found) sorted.ofAnyPreload.push(difference);
    else sorted.different.push(difference);
  }
  return sorted;
}

function outcome(results: Results, test: string): string {
  return results.get(test)?.status ?? 'not run';
}

function reasonOf(test: string, ...results: readonly Results[]): string {
  return results.map((one) => one.get(test)?.reason ?? '').find((reason) => reason !== '') ?? '';
}
