/** What reports take over from the collector's own parts: findings, recommendations with their book, and pages. */
import { findingsOf } from '../findings/findings.js';
import type { RecommendationBook } from '../recommendations/book.js';
import { recommendationsOf } from '../recommendations/recommendations-of.js';
import { frontendOf } from '../views/frontend.js';
import type { ViewSource } from '../views/view-request.js';
import type { Evidence } from './evidence.js';

export function ownEvidence(source: ViewSource, book: RecommendationBook): Evidence {
  return {
    findingsOf: (request) => findingsOf(source, { ...request, kind: undefined }),
    recommendationsOf: async (request) =>
      (await recommendationsOf(source, book, request)).recommendations,
    vitalsOf: async (request) => (await frontendOf(source, request)).vitals,
  };
}
