/** How requests of the last minute went, for the live stream: asked from the store. Times in seconds. */
import { isOfBrowsers } from '../../shared/beacon-source.js';
import { PERCENTILE_SAMPLES_MIN } from '../../shared/budget.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../shared/metrics.js';
import type { HistogramStats } from '../query/query-request.js';
import { OUTCOME, tallies } from '../views/tallies.js';
import { totalsOf, type ViewSource } from '../views/view-request.js';

export interface LiveTick {
  readonly timeMs: number;
  /** Null when nothing was recorded. */
  readonly rate: number | null;
  /** Null of fewer requests than a percentile says anything of. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly errorRatio: number | null;
  /** Processes seen in that minute; what writes for browsers is none. */
  readonly instances: number;
}

const RANGE_MS = 60_000;

export async function liveTick(source: ViewSource, service: string | undefined): Promise<LiveTick> {
  const timeMs = source.now();
  const range = { service, fromMs: timeMs - RANGE_MS, toMs: timeMs, limit: 1 };
  const metric = HTTP_SERVER_REQUEST_DURATION.name;
  const [merged, outcomes, instances] = await Promise.all([
    totalsOf(source, range, { metric, group: [] }),
    totalsOf(source, range, { metric, group: OUTCOME }),
    source.store.instances(service, range.fromMs),
  ]);
  const stats = merged?.groups[0]?.total as HistogramStats | undefined;
  const enough = (stats?.count ?? 0) < PERCENTILE_SAMPLES_MIN ? undefined : stats;
  const tally = tallies(outcomes?.groups ?? [], [])
    .values()
    .next().value;
  return {
    timeMs,
    rate: stats?.rate ?? null,
    p50: enough?.p50 ?? null,
    p95: enough?.p95 ?? null,
    errorRatio: tally === undefined ? null : tally.errors / tally.calls,
    instances: instances.filter(
      ({ resource, lastSeenMs }) => !isOfBrowsers(resource) && lastSeenMs >= range.fromMs,
    ).length,
  };
}
