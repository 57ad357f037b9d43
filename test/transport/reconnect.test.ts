/**
 * Fault 7: 200 agents and a collector that was away, on a virtual clock. What the collector sees of
 * them when it is back is printed: the curve's peak over its mean is the promise (P7, no storm).
 */
import { expect, it } from 'vitest';
import { BACKOFF_MAX_MS } from '../../src/transport/backoff.js';
import { Lane } from '../../src/transport/lane.js';
import type { Outcome, Sender } from '../../src/transport/sender.js';
import { seeded } from '../support/seeded.js';
import { sampleDraft } from './sample-batch.js';
import { VirtualClock } from './virtual-clock.js';

const AGENTS = 200;
const WINDOW_MS = 10_000;
const OUTAGE_MS = 300_000;
const PEAK_OVER_MEAN_MAX = 3;

/** Of the collector for a batch: an agent's backlog of 30 windows takes it 0.6 s. */
const SERVICE_MS = 20;

/**
 * Answers of a collector that is away, or was started again and is not ready; and over how many seconds the
 * jitter then spreads who comes back.
 */
const AWAY: readonly (readonly [name: string, outcome: Outcome, spreadS: number])[] = [
  ['nobody listens', retry(undefined), BACKOFF_MAX_MS / 1000],
  ['the same Retry-After of 30 s for all', retry(30_000), 15],
];

function retry(afterMs: number | undefined): Outcome {
  const outcome = { kind: 'retry', reason: 'down', code: 'TACHO_COLLECTOR_UNREACHABLE' } as const;
  return afterMs === undefined ? outcome : { ...outcome, afterMs };
}

/**
 * Requests in each second from the moment the collector is back to the last one of the backlog. Windows
 * end with the outage: what is looked at is the coming back, and nothing else.
 */
async function curveAfter(outcome: Outcome, random: () => number): Promise<readonly number[]> {
  const clock = new VirtualClock();
  const backMs = clock.nowMs() + OUTAGE_MS;
  const arrivalsMs: number[] = [];
  const sender: Sender = {
    async send() {
      if (clock.nowMs() < backMs) return outcome;
      arrivalsMs.push(clock.nowMs() - backMs);
      await new Promise<void>((resolve) => clock.after(SERVICE_MS, resolve));
      return { kind: 'accepted' };
    },
    close: () => Promise.resolve(),
  };
  const lanes = Array.from({ length: AGENTS }, () => startAgent(clock, sender, random, backMs));
  await clock.advance(OUTAGE_MS + 120_000);
  for (const lane of lanes) expect(lane.state()).toMatchObject({ pending: { batches: 0 } });
  expect(arrivalsMs).toHaveLength((AGENTS * OUTAGE_MS) / WINDOW_MS);
  const perSecond = new Array<number>(Math.floor(Math.max(...arrivalsMs) / 1000) + 1).fill(0);
  for (const atMs of arrivalsMs) perSecond[Math.floor(atMs / 1000)]! += 1;
  return perSecond;
}

/** Windows are aligned to the clock: all agents have a batch at the same moment, the worst case. */
function startAgent(
  clock: VirtualClock,
  sender: Sender,
  random: () => number,
  untilMs: number,
): Lane {
  const lane = new Lane({
    label: 'collector',
    boot: sampleDraft().identity.boot,
    sender,
    spool: undefined,
    account: new Float64Array(8),
    clock,
    random,
    onTrouble: () => undefined,
  });
  let sequence = 0;
  const closeWindow = (): void => {
    if (clock.nowMs() >= untilMs) return;
    sequence += 1;
    lane.offer(sampleDraft(sequence));
    clock.after(WINDOW_MS, closeWindow);
  };
  closeWindow();
  return lane;
}

/** The mean is that of the spread, however soon all are back: who comes in one second has a short curve. */
function peakOverMean(perSecond: readonly number[], spreadS: number): number {
  return (Math.max(...perSecond) * spreadS) / perSecond.reduce((sum, n) => sum + n, 0);
}

it.each(AWAY)('200 agents do not come back together after: %s', async (name, outcome, spreadS) => {
  const perSecond = await curveAfter(outcome, seeded(11));
  const ratio = peakOverMean(perSecond, spreadS);
  console.log(
    `${AGENTS} agents, ${name}: ${perSecond.length} s, ${perSecond.join(' ')} requests a second; ` +
      `peak/mean of ${spreadS} s ${ratio.toFixed(2)}`,
  );
  expect(ratio).toBeLessThan(PEAK_OVER_MEAN_MAX);
});

it.each(AWAY)(
  'agents that all draw the same number would come back together after: %s',
  async (_name, outcome, spreadS) => {
    const perSecond = await curveAfter(outcome, () => 0.5);
    expect(peakOverMean(perSecond, spreadS)).toBeGreaterThan(PEAK_OVER_MEAN_MAX);
  },
);
