/**
 * More records than any application makes: a million a second from the application's thread through ring and worker
 * to the sink. Every record is accounted for, written or dropped, and what was written is what the sink received.
 */
import { BenchError } from '../bench-error.js';
import { startArmProcess } from '../processes/arm-process.js';
import { runRounds } from './run-rounds.js';

/** @type {import('./rows.js').Harness} */
export async function sustained(context) {
  const { rounds, ...times } = context.plan.sustained;
  // The child puts the recorder together itself, to have it in its hands; peers have no such thing.
  const arms = context.arms
    .filter(({ role }) => ['baseline', 'repeat', 'treatment'].includes(role))
    .map((arm) => ({ ...arm, execArgv: [] }));
  const what = { harness: 'sustained', subject: 'records', rounds, headline: 'droppedPercent' };
  return runRounds({ ...context, arms }, what, async (arm, round) => {
    const isRecorded = arm.role === 'treatment';
    const task = { ...times, seed: context.seed + round, isRecorded };
    const child = await startArmProcess(arm, 'sustained.js', task);
    const values = await child.nextMessage();
    const received = await child.finish(values.sent - values.dropped);
    if (isRecorded) checkAccount(values, received.dropped);
    return values;
  });
}

/**
 * @param {{ sent: number, written: number, dropped: number }} counts Of the ring.
 * @param {Readonly<Record<string, number>>} reported Losses by reason, as the newest batch reports them.
 * @throws {BenchError} when a record is in neither account, or the two differ.
 */
export function checkAccount({ sent, written, dropped }, reported) {
  const losses = Object.values(reported).reduce((sum, count) => sum + count, 0);
  if (written + dropped === sent && losses === dropped) return;
  throw new BenchError(
    `sustained: expected ${sent} records to be written or dropped, got ${written} and ${dropped}; ` +
      `the agent's account of losses: ${JSON.stringify(reported)}.`,
  );
}
