/**
 * The answer of `GET /v1/recommendations`: what rules say of a range, with what the book knows of it, and what was
 * followed meanwhile.
 */

import type { ViewRequest, ViewSource } from '../views/view-request.js';
import type { RecommendationBook } from './book.js';
import { type EvidenceSource, evidenceOf } from './evidence/shared-evidence.js';
import { inOrder, rankedOf } from './rank.js';
import type { Recommendation } from './recommendation.js';

export interface Recommendations {
  readonly recommendations: readonly Recommendation[];
  /** What they were drawn from; none: there is no data. */
  readonly services: readonly {
    readonly service: string;
    readonly recordedMs: number;
    readonly requests: number;
  }[];
}

/** Services looked at when none is named, the last seen first. */
const SERVICES_MAX = 10;

export async function recommendationsOf(
  source: EvidenceSource,
  book: RecommendationBook,
  request: ViewRequest,
): Promise<Recommendations> {
  const recommendations: Recommendation[] = [];
  const services: Recommendations['services'][number][] = [];
  for (const service of await servicesOf(source, request)) {
    const evidence = await evidenceOf(source, service, request);
    if (evidence === undefined) continue;
    const { recordedMs, requests } = evidence;
    services.push({ service, recordedMs, requests });
    const found = rankedOf(evidence).map(({ recommendation }) => book.judged(recommendation));
    const ids = new Set(found.map(({ id }) => id));
    recommendations.push(...found, ...book.gone(service).filter(({ id }) => !ids.has(id)));
  }
  const sorted = recommendations.sort(openFirst).slice(0, request.limit);
  return { recommendations: sorted, services };
}

/** Named, or those that were seen in the range. */
export async function servicesOf(
  { store }: ViewSource,
  { service, fromMs }: Pick<ViewRequest, 'service' | 'fromMs'>,
): Promise<string[]> {
  if (service !== undefined) return [service];
  return (await store.services())
    .filter(({ lastSeenMs }) => lastSeenMs >= fromMs)
    .sort((a, b) => b.lastSeenMs - a.lastSeenMs)
    .slice(0, SERVICES_MAX)
    .map(({ name }) => name);
}

function openFirst(a: Recommendation, b: Recommendation): number {
  return Number(a.status !== 'open') - Number(b.status !== 'open') || inOrder(a, b);
}
