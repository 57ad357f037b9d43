/** Rule: a rate limiter that refuses a good part of what comes. */
import { count, percent } from '../words.js';
import { advice, CALLS_MIN, type Rule } from './rule.js';

const REFUSED_MAX = 0.05;

export const rateLimits: Rule = ({ rateLimits: rows }) =>
  rows.flatMap(({ library, allowed, refused }) => {
    const all = allowed + refused;
    if (all < CALLS_MIN || refused / all <= REFUSED_MAX) return [];
    return [
      {
        type: 'rate_limit_refusals',
        subject: library,
        title: `Requests refused by a rate limit: ${library}`,
        finding: `${percent(refused / all)} of the decisions of ${library} were refusals.`,
        evidence: [`${count(refused)} of ${count(all)} requests.`],
        costPerDay: 0,
        risk: 'degraded' as const,
        fix: advice(
          'Find out who is refused: one client in a loop should be told when to come again (Retry-After); many users mean that the limit is too low, or is counted for a proxy’s address instead of theirs.',
        ),
        confidence: 'medium' as const,
        verification: `Less than ${percent(REFUSED_MAX)} is refused.`,
        measure: { kind: 'service' } as const,
      },
    ];
  });
