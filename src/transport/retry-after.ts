/** The Retry-After header (RFC 9110, 10.2.3) as a delay that can be obeyed. */

/** Longest delay a destination may ask for: 15 minutes (promise P7). */
export const RETRY_AFTER_MAX_MS: number = 15 * 60_000;

/**
 * The delay in ms that a header asks for, from 0 to RETRY_AFTER_MAX_MS; undefined when there is none
 * that makes sense (negative, neither a number nor a date). A date in the past is 0.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return clamp(Number(text) * 1000);
  // Only real HTTP dates: Date.parse also takes "-5" and "12" for years.
  if (!/^[A-Z][a-z]{2},? .*\d{4}/.test(text)) return undefined;
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? undefined : clamp(dateMs - nowMs);
}

function clamp(delayMs: number): number {
  return Math.round(Math.min(Math.max(delayMs, 0), RETRY_AFTER_MAX_MS));
}
