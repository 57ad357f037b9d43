/**
 * From an error of a post, to which no answer came, to what becomes of the batch: it is tried again. Pure;
 * both HTTP senders use it.
 */
import { SLOW_RETRY_MS } from './classify-answer.js';
import { ProxySettingError } from './proxy-for.js';
import type { Outcome } from './sender.js';
import { tlsTrouble } from './tls-trouble.js';

/** `where` is the destination with credentials masked. */
export function classifyFailure(
  error: Error & { readonly code?: string | undefined },
  where: string,
): Outcome {
  const code = 'TACHO_COLLECTOR_UNREACHABLE';
  if (error instanceof ProxySettingError) {
    const reason = `${where}: ${error.message}`;
    return { kind: 'retry', reason, code, afterMs: SLOW_RETRY_MS, needsMending: true };
  }
  const trouble = tlsTrouble(error);
  if (trouble !== undefined) {
    // No secret is sent to a server that cannot be trusted; what is wrong with it is said at once.
    const reason = `${where}: ${trouble}`;
    return { kind: 'retry', reason, code: 'TACHO_TLS_FAILED', needsMending: true };
  }
  // Some socket errors have a code and no message: an AggregateError of two addresses.
  const reason = `${where}: ${error.message || error.code || 'no connection'}`;
  return { kind: 'retry', reason, code };
}
