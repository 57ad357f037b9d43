/** What the optimisation report says before its parts: what was looked at, and what it comes to. Pure. */
import type { Recommendation } from '../collector/recommendations/recommendation.js';
import type { Recommendations } from '../collector/recommendations/recommendations-of.js';
import type { QueryRow } from '../collector/views/queries.js';
import { formatItems } from '../shared/format-items.js';
import { formatCount, formatSpan } from './format-value.js';

const DAY_MS = 86_400_000;

export interface OptimisationReport extends Recommendations {
  readonly queries: readonly QueryRow[];
  readonly since: string;
}

/** Sentences. */
export function summaryOf({ services, recommendations }: OptimisationReport): string[] {
  const looked = services.map(
    ({ service, requests, recordedMs }) =>
      `${service}: ${formatCount(requests)} requests in ${formatSpan(recordedMs)}.`,
  );
  const open = recommendations.filter(({ status }) => status === 'open');
  if (open.length === 0) return [...looked, 'Nothing to recommend.'];
  const of = (priority: string): number => open.filter((one) => one.priority === priority).length;
  const counts = `${formatItems(open.length, 'recommendation')}: ${of('high')} high, ${of('medium')} medium, ${of('low')} low.`;
  const verified = recommendations.filter(({ status }) => status === 'verified').length;
  const shortest = Math.min(...services.map(({ recordedMs }) => recordedMs));
  const extrapolated =
    shortest < DAY_MS
      ? [`Costs a day are what ${formatSpan(shortest)} would come to in a day.`]
      : [];
  return [...looked, counts, ...extrapolated, ...(verified > 0 ? [`${verified} verified.`] : [])];
}

/** `2.1 h a day`; undefined where the cost is not time. */
export function costText({ costPerDay }: Pick<Recommendation, 'costPerDay'>): string | undefined {
  return costPerDay > 0 ? `${formatLong(costPerDay)} a day` : undefined;
}

/** Seconds that may be many. */
export function formatLong(seconds: number): string {
  const size = Math.abs(seconds);
  const sign = seconds < 0 ? '−' : '';
  if (size < 120) return `${sign}${size.toFixed(size < 10 ? 1 : 0)} s`;
  if (size < 7200) return `${sign}${(size / 60).toFixed(0)} min`;
  return `${sign}${(size / 3600).toFixed(1)} h`;
}

/** What became of one that was followed; undefined while it is open. */
export function outcomeOf({ status, saved, costPerDay }: Recommendation): string | undefined {
  if (status === 'open') return undefined;
  if (status === 'followed')
    return 'Followed: its evidence is gone. Verified after a day of traffic.';
  return saved === null
    ? 'Verified: its evidence is gone and the traffic is not.'
    : `Verified: saved ${formatLong(saved)} a day; predicted were ${formatLong(costPerDay)}.`;
}
