/**
 * Looks every hour at the hour that has passed, so that the book learns what was followed without anybody asking.
 * Owns a timer that keeps nothing alive; checks do not overlap.
 */

import type { ViewSource } from '../views/view-request.js';
import type { RecommendationBook } from './book.js';
import { gatherEvidence } from './evidence/gather-evidence.js';
import { rankedOf } from './rank.js';
import { servicesOf } from './recommendations-of.js';

export const CHECK_MS = 3_600_000;

export async function checkBook(source: ViewSource, book: RecommendationBook): Promise<void> {
  const toMs = source.now();
  const range = { fromMs: toMs - CHECK_MS, toMs };
  for (const service of await servicesOf(source, { service: undefined, ...range })) {
    const evidence = await gatherEvidence(source, service, range);
    if (evidence !== undefined) book.check(evidence, rankedOf(evidence), toMs);
  }
}

/** Returns what stops it, and waits for the check that is under way. */
export function watchRecommendations(
  source: ViewSource,
  book: RecommendationBook,
  log: (line: string) => void,
): () => Promise<void> {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= checkBook(source, book)
      .catch((error: Error) => log(`tachograph collector: recommendations: ${error.message}`))
      .finally(() => {
        running = undefined;
      });
  }, CHECK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
