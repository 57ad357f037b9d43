/**
 * Transactions that are open while no query runs, for something else is waited for: its locks wait with it. Told
 * by the queries of its unit, so two that are open at a time are not judged. Pure; runs in the agent's worker.
 */
import { type Detected, unionUs } from './detected.js';
import type { AnyRun, QueryRun, SuspectUnit } from './query-run.js';

/** Idle for so long, or for most of its life and long enough to tell. */
const IDLE_US = 100_000;
const IDLE_US_MIN = 20_000;
const IDLE_SHARE = 0.5;

export function idleTransactions({ runs, all }: SuspectUnit): Detected[] {
  const found: Detected[] = [];
  let begun: QueryRun | undefined;
  let isAlone = true;
  for (const run of runs) {
    const step = stepOf(run);
    if (step === 'begin') {
      isAlone = begun === undefined;
      begun = run;
    } else if (step === 'end' && begun !== undefined) {
      const detected = isAlone ? judge(begun, run, all) : undefined;
      if (detected !== undefined) found.push(detected);
      begun = undefined;
    }
  }
  return found;
}

function stepOf({ verb, queryClass, errorType, text }: QueryRun): 'begin' | 'end' | 'none' {
  if (verb === 'BEGIN' || verb === 'START') return errorType === undefined ? 'begin' : 'none';
  const isEnd =
    queryClass === 'commit' || (/^(?:ROLLBACK|ABORT)$/.test(verb) && !/\bTO\b/.test(text));
  return isEnd ? 'end' : 'none';
}

function judge(begun: QueryRun, ended: QueryRun, all: readonly AnyRun[]): Detected | undefined {
  const within = all.filter(
    ({ startUs, endUs }) => startUs >= begun.startUs && endUs <= Math.max(ended.endUs, begun.endUs),
  );
  const lifeUs = ended.endUs - begun.startUs;
  const idleUs = lifeUs - unionUs(within);
  const isIdle = idleUs >= IDLE_US || (idleUs >= IDLE_US_MIN && idleUs >= lifeUs * IDLE_SHARE);
  if (!isIdle) return undefined;
  return {
    kind: 'idle_transaction',
    system: begun.system,
    query: begun.text,
    parentQuery: beforeLongestGap(within),
    calls: 1,
    totalUs: lifeUs,
    wastedUs: idleUs,
    rows: 0,
    errorType: undefined,
    confidence: 'high',
    wanted: { series: begun.series, call: 1 },
  };
}

/** What ran last before it waited longest; undefined when it is not known. */
function beforeLongestGap(runs: readonly AnyRun[]): string | undefined {
  let longestUs = 0;
  let before: AnyRun | undefined;
  for (let i = 1; i < runs.length; i++) {
    const gapUs = runs[i]!.startUs - runs[i - 1]!.endUs;
    if (gapUs <= longestUs) continue;
    longestUs = gapUs;
    before = runs[i - 1];
  }
  return before?.text;
}
