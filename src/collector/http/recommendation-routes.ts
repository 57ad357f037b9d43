/** The route of recommendations. docs/reference/api.md describes it. */

import type { Hono } from 'hono';
import type { RecommendationBook } from '../recommendations/book.js';
import type { EvidenceSource } from '../recommendations/evidence/shared-evidence.js';
import { recommendationsOf } from '../recommendations/recommendations-of.js';
import { countedAnswer } from './counted-answer.js';
import { parseCounted } from './parse-query.js';

export function addRecommendationRoutes(
  app: Hono,
  source: EvidenceSource & { readonly book: RecommendationBook },
): void {
  app.get('/v1/recommendations', async (context) => {
    const parameters = new URL(context.req.url).searchParams;
    const request = parseCounted(parameters, source, '-1d');
    const found = await recommendationsOf(source, source.book, request);
    return context.json(countedAnswer(request, found));
  });
}
