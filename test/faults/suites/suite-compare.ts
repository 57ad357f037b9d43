/**
 * Whether a suite comes out the same with the agent. What differs is run again, both ways: it is only called
 * different when each way agrees with itself, twice; else chance decides. Pure, but for the runs that it asks for.
 */
import type { Results } from './suite-run.js';

export interface Difference {
  readonly test: string;
  readonly without: string;
  readonly with: string;
  readonly reason: string;
}

export interface Comparison {
  readonly tests: number;
  /** Of them, what fails either way: it wants what is not here. */
  readonly failing: number;
  readonly same: number;
  /** Names of tests that chance decides. */
  readonly flaky: readonly string[];
  readonly different: readonly Difference[];
}

/** @param run runs the files that are given, all of them without any */
export async function compareRuns(
  run: (isBare: boolean, files?: readonly string[]) => Promise<Results>,
): Promise<Comparison> {
  const [bare, agent] = [await run(true), await run(false)];
  const all = new Set([...bare.keys(), ...agent.keys()]);
  const open = [...all].filter((test) => outcome(bare, test) !== outcome(agent, test));
  const flaky: string[] = [];
  const different: Difference[] = [];
  if (open.length > 0) {
    const files = [...new Set(open.map((test) => (bare.get(test) ?? agent.get(test))!.file))];
    const [bareAgain, agentAgain] = [await run(true, files), await run(false, files)];
    for (const test of open) {
      const without = outcome(bare, test);
      const found = outcome(agent, test);
      const isSure = outcome(bareAgain, test) === without && outcome(agentAgain, test) === found;
      if (!isSure) flaky.push(test);
      else different.push({ test, without, with: found, reason: reasonOf(test, agent, bare) });
    }
  }
  const same = [...all].filter((test) => !open.includes(test));
  const failing = same.filter((test) => outcome(bare, test) === 'failed').length;
  return { tests: all.size, failing, same: same.length, flaky, different };
}

function outcome(results: Results, test: string): string {
  return results.get(test)?.status ?? 'not run';
}

function reasonOf(test: string, ...results: readonly Results[]): string {
  return results.map((one) => one.get(test)?.reason ?? '').find((reason) => reason !== '') ?? '';
}
