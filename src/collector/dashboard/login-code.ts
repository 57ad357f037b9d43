/**
 * The code of the link that a collector prints at its start: whoever started it may sign in by it, once
 * and within CODE_MS. Owned by the collector's main thread.
 */
import { timingSafeEqual } from 'node:crypto';
import { digestOf } from '../tokens/token-file.js';

export const CODE_MS = 600_000;

export interface LoginCode {
  readonly code: string;
  /** Whether it was this one and is still good; it is used up by that. */
  use(given: string): boolean;
}

export function createLoginCode(code: string, now: () => number): LoginCode {
  const digest = digestOf(code);
  const endsMs = now() + CODE_MS;
  let isUsed = false;
  return {
    code,
    use(given) {
      const isIt = timingSafeEqual(digestOf(given), digest) && !isUsed && now() < endsMs;
      isUsed ||= isIt;
      return isIt;
    },
  };
}
