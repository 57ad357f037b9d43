/** How far back `tachograph top` looks: a minute, or as much as the windows of the agents need. */
import type { QueryResult } from '../collector/query/query-request.js';
import type { CollectorClient } from './collector-client.js';

const RANGE_MS_DEFAULT = 60_000;
/** The newest complete window began up to two windows ago: three hold two of them most of the time. */
const WINDOWS_MIN = 3;
/** What an agent sends at most; a longer gap is a pause. */
const WINDOW_MS_MAX = 60_000;
/** Time searched for windows, and the step that tells them apart. */
const SEARCH = { from: '-5m', to: 'now', step: '10s', limit: '500' } as const;

/** Windows of a minute would leave the last minute without data most of the time. */
export async function rangeForWindows(
  get: CollectorClient,
  service: string | undefined,
): Promise<number> {
  const result = await get<QueryResult>('/v1/query', {
    service,
    metric: 'nodejs.eventloop.delay',
    group: 'service.instance.id',
    ...SEARCH,
  });
  const windowMs = Math.min(WINDOW_MS_MAX, windowMsOf(result));
  return Math.max(RANGE_MS_DEFAULT, WINDOWS_MIN * windowMs);
}

/** The longest window of any instance: the time from one to its next. */
function windowMsOf(result: QueryResult | undefined): number {
  if (result === undefined || result.dataFromMs === null) return 0;
  const lengths = result.groups
    .filter(({ points }) => points.length > 1)
    .map(({ points }) =>
      Math.min(...points.slice(1).map(({ timeMs }, i) => timeMs - points[i]!.timeMs)),
    );
  if (lengths.length > 0) return Math.max(...lengths);
  // Of one instance that has sent one window, that is all there is.
  return result.groups.length === 1 ? (result.dataToMs as number) - result.dataFromMs : 0;
}
