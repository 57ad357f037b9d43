/**
 * Samples of hours of history, for a replay: how fast error budgets burnt, where memory was going, who was silent. A
 * look asks the store of the hours before it; here the hours of all steps come in one answer a day, and each step takes
 * its part. What is not kept by its time cannot be replayed, and is named. Bounded by a day of minutes at a time, and by the
 * list. Runs on the collector's main thread, which takes batches meanwhile: after each step it lets others go on.
 */
import { setImmediate } from 'node:timers/promises';
import { BURN_WINDOW_MS_MAX, BURNS } from '../../alerts/burn-rate.js';
import { FORECAST_METRIC, FORECAST_WINDOW_MS } from '../../alerts/memory-forecast.js';
import { AGENT_MEMORY_USAGE, HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';
import { chooseGrid } from '../query/choose-level.js';
import type { Instance } from '../query/listings.js';
import { DAY_MS } from '../store/data-folder.js';
import { OUTCOME, tallies } from '../views/tallies.js';
import type { ViewSource } from '../views/view-request.js';
import { SERVICE } from './budget-samples.js';
import { lastingServices, SILENCE_METRIC, SILENT_MS_MAX, silenceOf } from './collector-samples.js';
import { forecastSamples } from './host-samples.js';
import type { SampleList } from './sample-list.js';
import { burnsAt, isBurning } from './service-samples.js';
import { instantsOf } from './stats-by-time.js';
import { type TalliedMinute, TallyWindow } from './tally-window.js';

/** A rule that cannot be replayed. */
export interface LeftOut {
  readonly metric: string;
  /** Goes on after "for". */
  readonly why: string;
}

export interface HistoryRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

interface HistorySource extends ViewSource {
  readonly settings: { readonly errorBudget: number };
}

const MINUTE_MS = 60_000;
const NOT_KEPT: readonly LeftOut[] = [
  { metric: 'ledger_drops', why: 'what was dropped is kept as a total of each process' },
  { metric: 'collector_disk', why: 'how full the disk was is not kept' },
];

/** @throws {TooManySamplesError} when they are more than `samples` holds. */
export async function historySamples(
  source: HistorySource,
  range: HistoryRange,
  wanted: ReadonlySet<string>,
  instances: readonly Instance[],
  samples: SampleList,
): Promise<readonly LeftOut[]> {
  const leftOut = NOT_KEPT.filter(({ metric }) => wanted.has(metric));
  /** Whether minutes are kept of the range and of what is before it. */
  const isKept = (metric: string, beforeMs: number): boolean => {
    const grid = { fromMs: range.fromMs - beforeMs, toMs: range.toMs };
    const { stepMs } = chooseGrid(grid, MINUTE_MS, source.retention, source.now());
    if (stepMs === MINUTE_MS) return true;
    const days = Math.round(source.retention.minute / DAY_MS);
    leftOut.push({ metric, why: `it needs minutes, which are kept for ${days} days` });
    return false;
  };
  const days = daysOf(range);
  const burns = BURNS.filter(
    ({ metric, longMs }) => wanted.has(metric) && isKept(metric, longMs),
  ).map(({ metric }) => metric);
  if (burns.length > 0) {
    for (const times of days) await burnHistory(source, times, burns, samples);
  }
  if (wanted.has(FORECAST_METRIC) && isKept(FORECAST_METRIC, FORECAST_WINDOW_MS)) {
    for (const times of days) await forecastSamples(source, times, samples);
  }
  if (wanted.has(SILENCE_METRIC) && isKept(SILENCE_METRIC, 0)) {
    await silenceHistory(source, days, instances, samples);
  }
  return leftOut;
}

/** The ends of the steps, by day. */
function daysOf({ fromMs, toMs, stepMs }: HistoryRange): number[][] {
  const days = new Map<number, number[]>();
  const firstMs = Math.floor(fromMs / stepMs) * stepMs + stepMs;
  for (let timeMs = firstMs; timeMs < toMs + stepMs; timeMs += stepMs) {
    const day = Math.floor(timeMs / DAY_MS);
    const times = days.get(day) ?? [];
    times.push(timeMs);
    days.set(day, times);
  }
  return [...days.values()];
}

async function burnHistory(
  source: HistorySource,
  times: readonly number[],
  burns: readonly string[],
  samples: SampleList,
): Promise<void> {
  const { errorBudget } = source.settings;
  const range = { fromMs: times[0]! - BURN_WINDOW_MS_MAX, toMs: times.at(-1)!, stepMs: MINUTE_MS };
  const wanted = { metric: HTTP_SERVER_REQUEST_DURATION.name, group: [SERVICE, ...OUTCOME] };
  const minutes: TalliedMinute[] = [];
  for (const { timeMs, groups } of await instantsOf(source, undefined, range, wanted)) {
    await setImmediate();
    minutes.push({ timeMs, ofServices: tallies(groups, [SERVICE]) });
  }
  const windows = BURNS.filter(({ metric }) => burns.includes(metric)).map(
    ({ metric, shortMs, longMs }) => ({
      metric,
      short: new TallyWindow(minutes, shortMs),
      long: new TallyWindow(minutes, longMs),
    }),
  );
  for (const toMs of times) {
    await setImmediate();
    for (const { metric, ...of } of windows) {
      const [short, long] = [of.short.moveTo(toMs), of.long.moveTo(toMs)];
      const burning = isBurning(short, errorBudget) ? long : undefined;
      samples.add(burnsAt(metric, short, burning, errorBudget, toMs));
    }
  }
}

/** By the times of the data: what came late was sent late, but its service was not dead. */
async function silenceHistory(
  source: HistorySource,
  days: readonly (readonly number[])[],
  instances: readonly Instance[],
  samples: SampleList,
): Promise<void> {
  const lasting = lastingServices(instances, await source.store.ledger(undefined));
  const heardMs = new Map<string, number>();
  let fromMs = (days[0]?.[0] ?? 0) - SILENT_MS_MAX;
  for (const times of days) {
    const heard = await heardBetween(source, fromMs, times.at(-1)!);
    let next = 0;
    for (const timeMs of times) {
      await setImmediate();
      for (; next < heard.length && heard[next]!.timeMs <= timeMs; next++) {
        heardMs.set(heard[next]!.service, heard[next]!.timeMs);
      }
      for (const [service, sinceMs] of lasting) {
        const lastMs = heardMs.get(service);
        if (lastMs === undefined || timeMs < sinceMs) continue;
        samples.add(silenceOf(service, lastMs, lastMs, timeMs));
      }
    }
    fromMs = times.at(-1)!;
  }
}

/** Ends of minutes in which anything came of a service, ascending: requests, or the agent's account of itself. */
async function heardBetween(
  source: HistorySource,
  fromMs: number,
  toMs: number,
): Promise<{ readonly timeMs: number; readonly service: string }[]> {
  const range = { fromMs, toMs, stepMs: MINUTE_MS };
  const heard: { timeMs: number; service: string }[] = [];
  for (const { name } of [AGENT_MEMORY_USAGE, HTTP_SERVER_REQUEST_DURATION]) {
    for (const { timeMs, groups } of await instantsOf(source, undefined, range, {
      metric: name,
      group: [SERVICE],
    })) {
      for (const { attributes } of groups) {
        heard.push({ timeMs, service: attributes[SERVICE] ?? '' });
      }
    }
  }
  return heard.sort((a, b) => a.timeMs - b.timeMs);
}
