/** How much of its time a process spent collecting garbage. Pure. */
import type { QueryAnswer, Stats } from '../../api/answers.js';
import type { InstanceRow } from '../../api/health-answers.js';

/**
 * Of the part of the range in which the process lived: rates go by the time that was recorded of all processes, of which
 * one that began with the last deploy has had little.
 */
export function gcShare(
  stats: Stats | undefined,
  { firstSeenMs, lastSeenMs }: Pick<InstanceRow, 'firstSeenMs' | 'lastSeenMs'>,
  { fromMs, toMs }: Pick<QueryAnswer, 'fromMs' | 'toMs'>,
): number | null {
  const livedMs = Math.min(lastSeenMs, toMs) - Math.max(firstSeenMs, fromMs);
  return stats?.sum === undefined || livedMs <= 0 ? null : stats.sum / (livedMs / 1000);
}
