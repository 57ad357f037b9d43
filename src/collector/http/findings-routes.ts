/** The route of findings. docs/reference/api.md describes the answer. */
import type { Hono } from 'hono';
import { FINDING_KINDS } from '../../transport/finding-event.js';
import { findingList } from '../findings/findings.js';
import type { ViewSource } from '../views/view-request.js';
import { countedAnswer } from './counted-answer.js';
import { parseCounted, textOf } from './parse-query.js';
import { badParameter } from './parse-time.js';

export function addFindingsRoutes(app: Hono, source: ViewSource): void {
  app.get('/v1/findings', async (context) => {
    const params = new URL(context.req.url).searchParams;
    const text = textOf(params, 'kind');
    const kind = FINDING_KINDS.find((known) => known === text);
    if (text !== undefined && kind === undefined) {
      throw badParameter('kind', `one of ${FINDING_KINDS.join(', ')}`);
    }
    const request = { ...parseCounted(params, source, '-1d'), kind };
    return context.json(countedAnswer(request, await findingList(source, request)));
  });
}
