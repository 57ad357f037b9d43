/**
 * Batches an agent may send: a token bucket each. An agent sends one in 10 s; after an outage it sends
 * its backlog, a day of which (8,640) passes in three minutes.
 */
const PER_SECOND = 50;
const BURST = 200;
/** Agents remembered; past that the one longest silent starts anew with a full bucket. */
export const AGENTS_MAX = 10_000;

interface Bucket {
  tokens: number;
  refilledMs: number;
}

/** Takes a token of the agent's; returns 0, or the seconds to wait for one. */
export type RateLimit = (agent: string) => number;

export function createRateLimit(monotonicMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();
  return (agent) => {
    const nowMs = monotonicMs();
    const bucket = buckets.get(agent) ?? { tokens: BURST, refilledMs: nowMs };
    // Set again, so that the map's order is the order of use.
    buckets.delete(agent);
    buckets.set(agent, bucket);
    if (buckets.size > AGENTS_MAX) {
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest);
        break;
      }
    }
    const refill = ((nowMs - bucket.refilledMs) / 1000) * PER_SECOND;
    bucket.tokens = Math.min(BURST, bucket.tokens + refill);
    bucket.refilledMs = nowMs;
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / PER_SECOND);
    bucket.tokens -= 1;
    return 0;
  };
}
