/** Messages, jobs of queues and runs of schedules, those first that take most time in all. */
import {
  JOB,
  JOB_DURATION,
  JOB_NAME,
  JOB_QUERIES,
  JOB_RETRIES,
  JOB_WAIT_TIME,
  MESSAGING_PROCESS_DURATION,
} from '../../shared/job-metrics.js';
import type { CounterStats, HistogramStats, QueryGroup } from '../query/query-request.js';
import { tallies } from './tallies.js';
import { type Timed, timedOf } from './timed.js';
import { groupsOf, keyOf, totalsOf, type ViewRequest, type ViewSource } from './view-request.js';

/** Times in seconds. */
export interface JobRow extends Timed {
  /** Empty where it is the run of a schedule. */
  readonly system: string;
  /** Queue, topic or subject; empty where it is the run of a schedule. */
  readonly queue: string;
  /** Empty where messages have no names. */
  readonly job: string;
  /** Null when none made any. */
  readonly queriesPerCall: number | null;
  readonly retries: number;
  /** From when it could have begun to when it did; null where that is not known. */
  readonly wait: Pick<Timed, 'p50' | 'p95' | 'max'> | null;
}

export async function jobsOf(source: ViewSource, request: ViewRequest): Promise<JobRow[]> {
  const { limit } = request;
  const durations = [MESSAGING_PROCESS_DURATION, JOB_DURATION].map(async (metric) => {
    const merged = await totalsOf(source, request, { metric: metric.name, group: JOB, limit });
    const outcomes = await groupsOf(source, request, metric, [...JOB, 'error.type']);
    return { groups: merged?.groups ?? [], outcomes };
  });
  const [ofDurations, queries, retries, waits] = await Promise.all([
    Promise.all(durations),
    byJob<HistogramStats>(groupsOf(source, request, JOB_QUERIES, JOB)),
    byJob<CounterStats>(groupsOf(source, request, JOB_RETRIES, JOB)),
    byJob<HistogramStats>(groupsOf(source, request, JOB_WAIT_TIME, JOB)),
  ]);
  return ofDurations
    .flatMap(({ groups, outcomes }) => {
      const byOutcome = tallies(outcomes, JOB);
      return groups.map(({ attributes, total }): JobRow => {
        const key = keyOf(attributes, JOB);
        const stats = total as HistogramStats;
        const made = queries.get(key);
        return {
          system: attributes['messaging.system'] ?? '',
          queue: attributes['messaging.destination.name'] ?? '',
          job: attributes[JOB_NAME] ?? '',
          ...timedOf(stats, byOutcome.get(key)),
          queriesPerCall: made === undefined ? null : made.sum / stats.count,
          retries: retries.get(key)?.value ?? 0,
          wait: waitOf(waits.get(key)),
        };
      });
    })
    .sort((a, b) => b.total - a.total)
    .slice(0, limit);
}

async function byJob<Stats>(
  groups: Promise<readonly QueryGroup[]>,
): Promise<ReadonlyMap<string, Stats>> {
  return new Map(
    (await groups).map(({ attributes, total }) => [keyOf(attributes, JOB), total as Stats]),
  );
}

function waitOf(stats: HistogramStats | undefined): JobRow['wait'] {
  return stats === undefined ? null : { p50: stats.p50, p95: stats.p95, max: stats.max };
}
