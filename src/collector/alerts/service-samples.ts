/** Samples of what a service's requests were like: response time, errors, and how fast the error budget burns. */
import { setImmediate } from 'node:timers/promises';
import { BURNS, burnOf, failedShare } from '../../alerts/burn-rate.js';
import type { Sample } from '../../alerts/sample.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';
import type { HistogramStats } from '../query/query-request.js';
import { OUTCOME, type Tally, tallies } from '../views/tallies.js';
import type { ViewSource } from '../views/view-request.js';
import { SERVICE } from './budget-samples.js';
import type { SampleList } from './sample-list.js';
import { instantsOf, type Range } from './stats-by-time.js';

const DURATION = HTTP_SERVER_REQUEST_DURATION.name;

/**
 * Of each service: both metrics come from one answer. After each step it lets others go on.
 * @throws {TooManySamplesError} when they are more than `samples` holds.
 */
export async function requestSamples(
  source: ViewSource,
  range: Range,
  samples: SampleList,
): Promise<void> {
  const [merged, outcomes] = await Promise.all([
    instantsOf(source, undefined, range, { metric: DURATION, group: [SERVICE] }),
    instantsOf(source, undefined, range, { metric: DURATION, group: [SERVICE, ...OUTCOME] }),
  ]);
  for (const { timeMs, groups } of merged) {
    await setImmediate();
    const times = groups.map(({ attributes, total }): Sample => {
      const { p95, count } = total as HistogramStats;
      const value = Math.round(p95 * 1e6) / 1000;
      return { ...ofService(attributes[SERVICE]), metric: 'response_time', value, count, timeMs };
    });
    samples.add(times);
  }
  for (const { timeMs, groups } of outcomes) {
    await setImmediate();
    const rates = [...tallies(groups, [SERVICE])].map(([key, tally]): Sample => {
      const service = ofService((JSON.parse(key) as string[])[0]);
      const value = 100 * failedShare(tally);
      return { ...service, metric: 'error_rate', value, count: tally.calls, timeMs };
    });
    samples.add(rates);
  }
}

/**
 * How many times faster than sustainable: the smaller of both windows. The long one is only asked for where the
 * short one burns at all, for it is by far the dearer question.
 */
export async function burnSamples(
  source: ViewSource,
  toMs: number,
  errorBudget: number,
): Promise<Sample[]> {
  const burnsOver = async (windowMs: number): Promise<ReadonlyMap<string, Tally>> => {
    const range = { fromMs: toMs - windowMs, toMs, stepMs: undefined };
    const wanted = { metric: DURATION, group: [SERVICE, ...OUTCOME] };
    const [instant] = await instantsOf(source, undefined, range, wanted);
    return tallies(instant?.groups ?? [], [SERVICE]);
  };
  const samples: Sample[] = [];
  for (const { metric, shortMs, longMs } of BURNS) {
    const short = await burnsOver(shortMs);
    const long = isBurning(short, errorBudget) ? await burnsOver(longMs) : undefined;
    samples.push(...burnsAt(metric, short, long, errorBudget, toMs));
  }
  return samples;
}

/** Whether any service fails more than the budget allows. */
export function isBurning(short: ReadonlyMap<string, Tally>, errorBudget: number): boolean {
  return [...short.values()].some((tally) => failedShare(tally) > errorBudget);
}

/** @param long absent where none burns in the short window */
export function burnsAt(
  metric: string,
  short: ReadonlyMap<string, Tally>,
  long: ReadonlyMap<string, Tally> | undefined,
  errorBudget: number,
  timeMs: number,
): Sample[] {
  return [...short].map(([key, tally]) => {
    const service = ofService((JSON.parse(key) as string[])[0]);
    return { ...service, metric, timeMs, ...burnOf(tally, long?.get(key), errorBudget) };
  });
}

function ofService(service = ''): Pick<Sample, 'service' | 'attributes'> {
  return { service, attributes: {} };
}
