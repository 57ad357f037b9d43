/** The route of the checklist. docs/reference/api.md describes it. */

import type { Hono } from 'hono';
import { checklistOf } from '../checklist/checklist-of.js';
import type { EvidenceSource } from '../recommendations/evidence/shared-evidence.js';
import { countedAnswer } from './counted-answer.js';
import { HttpError } from './http-error.js';
import { parseCounted } from './parse-query.js';

export function addChecklistRoutes(app: Hono, source: EvidenceSource): void {
  app.get('/v1/checklist', async (context) => {
    const parameters = new URL(context.req.url).searchParams;
    const request = parseCounted(parameters, source, '-1d');
    const lists = await checklistOf(source, request);
    if (lists !== undefined) return context.json(countedAnswer(request, { lists }));
    throw new HttpError(404, 'no_data', 'nothing was recorded in that range.');
  });
}
