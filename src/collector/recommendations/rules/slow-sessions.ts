/** Rule: the store of sessions is slow, and every request of a person waits for it. */
import { LIBRARY } from '../evidence/gather-layers.js';
import { inADay, items, time } from '../words.js';
import { CALLS_MIN, type Rule } from './rule.js';

const LIMIT_DEFAULT_MS = 20;

export const slowSessions: Rule = ({ layers, budgets, recordedMs }) => {
  const limit =
    (budgets.find(({ name }) => name === 'session_processing')?.limit ?? LIMIT_DEFAULT_MS) / 1000;
  return layers.sessions
    .filter(({ calls, p95 }) => calls >= CALLS_MIN && p95 > limit)
    .map((row) => {
      const library = row.names[LIBRARY] ?? '';
      const operation = row.names['tachograph.session.operation'] ?? '';
      return {
        type: 'slow_sessions',
        subject: `${library} ${operation}`,
        title: `Slow sessions: ${operation} of ${library}`,
        finding: `p95 of ${operation} is ${time(row.p95)}; its budget is ${time(limit)}.`,
        evidence: [
          `${items(row.calls, 'call')}, ${time(row.total)} in all, longest ${time(row.max)}.`,
        ],
        costPerDay: inADay(Math.max(0, row.mean - limit) * row.calls, recordedMs),
        fix: {
          text: 'Keep sessions in a store in memory (Redis), small, and save them only when they change.',
          code: 'session({ store: new RedisStore({ client }), resave: false, saveUninitialized: false })',
          language: 'js' as const,
        },
        confidence: 'high' as const,
        verification: `p95 of ${operation} is under ${time(limit)}.`,
        measure: { kind: 'service' } as const,
      };
    });
};
