/** Rule: connections to the database that are opened for a few queries each, instead of being kept. */
import { inADay, items, percent, time } from '../words.js';
import { CALLS_MIN, type Rule } from './rule.js';

/** Connections opened per query. */
export const CONNECTS_PER_QUERY_MAX = 0.1;

export const noPool: Rule = ({ connects, queries, recordedMs }) =>
  connects.flatMap((row) => {
    const system = row.names['db.system.name'] ?? '';
    const calls = queries
      .filter((query) => query.system === system)
      .reduce((sum, query) => sum + query.calls, 0);
    if (row.calls < CALLS_MIN || row.calls <= CONNECTS_PER_QUERY_MAX * calls) return [];
    return [
      {
        type: 'no_pool',
        subject: system,
        title: `A new connection every few queries: ${system}`,
        finding: `${items(row.calls, 'connection')} were opened for ${items(calls, 'query', 'queries')}.`,
        evidence: [
          `Opening one takes ${time(row.p50)} (p95 ${time(row.p95)}), ${time(row.total)} in all.`,
          `That is ${percent(row.calls / Math.max(1, calls))} of the queries.`,
        ],
        costPerDay: inADay(row.total, recordedMs),
        fix: {
          text: 'Make one pool at the start and take connections from it.',
          code: 'const pool = new pg.Pool({ max: 10, idleTimeoutMillis: 30_000 });   // once, not in a request',
          language: 'js' as const,
        },
        confidence: 'high' as const,
        verification: 'Connections are opened at the start and hardly later.',
        measure: { kind: 'service' } as const,
      },
    ];
  });
