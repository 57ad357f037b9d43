/**
 * What the rules would have said of stored history: the same engine, over samples of every step of a range. Tells
 * nobody, and keeps nothing. Rules that need what is not kept are named, and why. Bounded by STEPS_MAX and SAMPLES_MAX. Runs on
 * the collector's main thread, which takes batches meanwhile: after each step it lets others go on.
 */
import { setImmediate } from 'node:timers/promises';
import type { EndedAlert } from '../../alerts/alert.js';
import { type Alerts, GAP_MS, step } from '../../alerts/engine.js';
import type { Rule } from '../../alerts/rule.js';
import type { Sample } from '../../alerts/sample.js';
import type { LeftOut } from './history-samples.js';
import type { StoreSource } from './store-source.js';

const STEPS_MAX = 1500;
const STEP_MS_MIN = 60_000;
const EPISODES_MAX = 1000;
export interface Replay {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** What fired, by its beginning; `endedMs` of what still did at the end of the range is null. */
  readonly episodes: readonly (Omit<EndedAlert, 'endedMs' | 'reason'> & {
    readonly endedMs: number | null;
  })[];
  /** Episodes beyond those. */
  readonly omitted: number;
  readonly leftOut: readonly LeftOut[];
}

/** @throws {TooManySamplesError} when there is too much to hold. */
export async function replayAlerts(
  source: StoreSource,
  rules: readonly Rule[],
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<Replay> {
  const spanMs = range.toMs - range.fromMs;
  const minutes = Math.max(1, Math.ceil(spanMs / STEPS_MAX / STEP_MS_MIN));
  const stepMs = source.stepMsOf(range, minutes * STEP_MS_MIN);
  const { byTime, leftOut } = await samplesByTime(source, { ...range, stepMs });
  const ended: EndedAlert[] = [];
  let alerts: Alerts = new Map();
  let lastMs = range.fromMs;
  const advance = (timeMs: number, samples: readonly Sample[]): void => {
    const result = step(alerts, samples, { rules, nowMs: timeMs, cadenceMs: stepMs });
    alerts = result.alerts;
    ended.push(...result.ended);
    lastMs = timeMs;
  };
  for (const [timeMs, samples] of [...byTime].sort(([a], [b]) => a - b)) {
    await setImmediate();
    // Of a pause in the data the engine is told, for time alone ends what nothing is heard of.
    const pauseMs = Math.max(GAP_MS, 2.5 * stepMs);
    while (timeMs - lastMs > 2 * pauseMs) advance(lastMs + pauseMs, []);
    advance(timeMs, samples);
  }
  const open = [...alerts.values()].filter(({ phase }) => phase.state !== 'pending');
  const episodes = [
    ...ended.map(({ alert, endedMs }) => ({ alert, endedMs })),
    ...open.map((alert) => ({ alert, endedMs: null })),
  ].sort((a, b) => a.alert.phase.sinceMs - b.alert.phase.sinceMs);
  return {
    ...range,
    stepMs,
    episodes: episodes.slice(0, EPISODES_MAX),
    omitted: Math.max(0, episodes.length - EPISODES_MAX),
    leftOut,
  };
}

async function samplesByTime(
  source: StoreSource,
  range: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
): Promise<{
  readonly byTime: ReadonlyMap<number, Sample[]>;
  readonly leftOut: readonly LeftOut[];
}> {
  const { samples, leftOut } = await source.over(range);
  const byTime = new Map<number, Sample[]>();
  for (const sample of samples) {
    const ofTime = byTime.get(sample.timeMs);
    if (ofTime === undefined) byTime.set(sample.timeMs, [sample]);
    else ofTime.push(sample);
  }
  return { byTime, leftOut };
}
