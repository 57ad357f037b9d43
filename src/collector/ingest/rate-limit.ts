/**
 * What a sender may send: a token bucket each. Owned by the collector's main thread; bounded in the
 * number of senders that are remembered.
 */
export interface RateLimits {
  readonly perSecond: number;
  readonly burst: number;
  /** Senders remembered; past that the one longest silent starts anew with a full bucket. */
  readonly sendersMax: number;
}

/**
 * Batches of an agent. One sends one in 10 s; after an outage it sends its backlog, a day of which
 * (8,640) passes in three minutes.
 */
export const AGENT_LIMITS: RateLimits = { perSecond: 50, burst: 200, sendersMax: 10_000 };

interface Bucket {
  tokens: number;
  refilledMs: number;
}

/** Takes a token of the sender's; returns 0, or the seconds to wait for one. */
export type RateLimit = (sender: string) => number;

export function createRateLimit(
  monotonicMs: () => number,
  { perSecond, burst, sendersMax }: RateLimits = AGENT_LIMITS,
): RateLimit {
  const buckets = new Map<string, Bucket>();
  return (sender) => {
    const nowMs = monotonicMs();
    const bucket = buckets.get(sender) ?? { tokens: burst, refilledMs: nowMs };
    // Set again, so that the map's order is the order of use.
    buckets.delete(sender);
    buckets.set(sender, bucket);
    if (buckets.size > sendersMax) {
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest);
        break;
      }
    }
    const refill = ((nowMs - bucket.refilledMs) / 1000) * perSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + refill);
    bucket.refilledMs = nowMs;
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens -= 1;
    return 0;
  };
}
