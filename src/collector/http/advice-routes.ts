/** The route of the index advisor. docs/reference/api.md describes it. */
import type { Hono } from 'hono';
import { ADVICE_OFF, type RunningAdvice } from '../advice/start-advice.js';
import { parseView } from './parse-query.js';

export function addAdviceRoutes(
  app: Hono,
  { advice, now }: { readonly advice?: RunningAdvice | undefined; readonly now: () => number },
): void {
  app.get('/v1/advice', (context) => {
    // Of the parameters of views the limit alone says anything here; the others are checked all the same.
    const { limit } = parseView(new URL(context.req.url).searchParams, now());
    const answer = advice?.latest() ?? ADVICE_OFF;
    return context.json({ ...answer, advice: answer.advice.slice(0, limit) });
  });
}
