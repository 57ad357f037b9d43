/**
 * Rule: most queries are over their budgets, the cheapest too. Then it is not the queries: the way to the database, the
 * machine it runs on, or a process that is too busy to take the answers.
 */
import type { Evidence } from '../evidence/evidence.js';
import { inADay, items, time } from '../words.js';
import { advice, CALLS_MIN, type Rule } from './rule.js';
import { overBudget } from './slow-query.js';

const QUERIES_MIN = 5;
const SHARE_MIN = 0.5;
/** A loop that is late by as much takes the answers of queries late. */
const LATE_SECONDS = 0.02;

export const slowDatabase: Rule = (evidence) => {
  const { queries, recordedMs } = evidence;
  const judged = queries.filter(({ calls, text }) => calls >= CALLS_MIN && text !== '');
  const slow = overBudget(evidence);
  if (slow.length < QUERIES_MIN || slow.length < SHARE_MIN * judged.length) return [];
  const excess = slow.reduce(
    (sum, { query, limit }) => sum + Math.max(0, query.total - limit * query.calls),
    0,
  );
  return [
    {
      type: 'slow_database',
      subject: '',
      title: 'Most queries are slow, the cheap ones too',
      finding: `${slow.length} of ${items(judged.length, 'statement')} are over their budgets: it is not the single query.`,
      evidence: [...baseline(evidence), ...lateLoop(evidence)],
      costPerDay: inADay(excess, recordedMs),
      fix: advice(
        'Look at what lies between: CPU of this machine and of the database’s, the network between them, and connections that wait. A single statement that stands out is a recommendation of its own.',
      ),
      confidence: 'medium',
      verification: 'Fewer than half of the statements are over their budgets.',
      measure: { kind: 'service' },
    },
  ];
};

/** Statements that do nothing show what every one of them pays. */
function baseline({ queries }: Evidence): string[] {
  const begin = queries.find(({ operation, calls }) => operation === 'BEGIN' && calls >= CALLS_MIN);
  if (begin === undefined) return [];
  return [`BEGIN, which does nothing, takes ${time(begin.p50)} (p95 ${time(begin.p95)}).`];
}

function lateLoop({ runtime }: Evidence): string[] {
  const { delay } = runtime;
  if (delay === null || delay.p99 < LATE_SECONDS) return [];
  return [
    `The event loop of the service is late itself (p99 ${time(delay.p99)}): a part of the time passes here.`,
  ];
}
