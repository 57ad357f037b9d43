/**
 * From an HTTP answer to what becomes of the batch: the table of docs/reference/wire-format.md.
 * Pure; both HTTP senders use it.
 */
import type { Outcome } from './sender.js';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfterMs: number | undefined;
  readonly location: string;
}

/** Troubles that people mend (a token, an address, a proxy) are tried again once a minute. */
export const SLOW_RETRY_MS = 60_000;

/**
 * Refusals that with a web page are not a collector's: a proxy or a web server says 400 to what it does not expect,
 * such as plain HTTP at a port of TLS. Not 413: whoever says it, smaller parts may pass.
 */
const REFUSALS_OF_OTHERS: ReadonlySet<number> = new Set([400, 422]);

/** Statuses that no repetition mends. 415 is about the format, so that no part would fare better. */
const REFUSED_FOR_GOOD: ReadonlyMap<number, boolean> = new Map([
  [400, true],
  [413, true],
  [415, false],
  [422, true],
]);

/** `where` is the destination with credentials masked. */
export function classifyAnswer(answer: Answer, where: string): Outcome {
  const { status, contentType, retryAfterMs } = answer;
  const slow = (
    reason: string,
    code: 'TACHO_COLLECTOR_UNREACHABLE' | 'TACHO_TOKEN_REFUSED',
  ): Outcome => ({
    kind: 'retry',
    reason: `${where}: ${reason}`,
    code,
    afterMs: Math.max(retryAfterMs ?? 0, SLOW_RETRY_MS),
    needsMending: true,
  });

  const isAccepting = status >= 200 && status < 300;
  // A captive portal, a log-in page or a dashboard says 200 to everything and stores nothing.
  if (/\bhtml\b/i.test(contentType) && (isAccepting || REFUSALS_OF_OTHERS.has(status))) {
    return slow(
      `answered ${status} with a web page; expected a collector. Check the address.`,
      'TACHO_COLLECTOR_UNREACHABLE',
    );
  }
  if (isAccepting) return { kind: 'accepted' };
  const splittable = REFUSED_FOR_GOOD.get(status);
  if (splittable !== undefined) {
    return { kind: 'refused', reason: `${where}: refused the batch with ${status}`, splittable };
  }
  if (status === 401 || status === 403) {
    return slow(
      `refused the token with ${status}. Check TACHOGRAPH_TOKEN against the collector's.`,
      'TACHO_TOKEN_REFUSED',
    );
  }
  if (status === 407) {
    return slow(
      'the proxy asks for credentials (407): HTTP_PROXY=http://user:password@host:port.',
      'TACHO_COLLECTOR_UNREACHABLE',
    );
  }
  if (status >= 300 && status < 400) {
    return slow(
      `answered ${status} (moved to ${answer.location || 'an unnamed place'}). Redirects are not followed: set that address.`,
      'TACHO_COLLECTOR_UNREACHABLE',
    );
  }
  if (status >= 500 || status === 429 || status === 408) {
    return {
      kind: 'retry',
      reason: `${where}: answered ${status}`,
      code: 'TACHO_COLLECTOR_UNREACHABLE',
      ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }),
    };
  }
  return slow(
    `answered ${status}; no collector takes batches there. Check host, port and path.`,
    'TACHO_COLLECTOR_UNREACHABLE',
  );
}
