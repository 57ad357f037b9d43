/** Rule: connections to the database that are opened for a few queries each, instead of being kept. */
import { inADay, items, percent, time } from '../words.js';
import { CALLS_MIN, type Rule } from './rule.js';

/** Connections opened per query. */
export const CONNECTS_PER_QUERY_MAX = 0.1;

const ONCE = '   // once, not in a request';
/** As their drivers have it. */
const CODE: Readonly<Record<string, string>> = {
  postgresql: `const pool = new pg.Pool({ max: 10, idleTimeoutMillis: 30_000 });${ONCE}`,
  mysql: `const pool = mysql.createPool({ connectionLimit: 10, … });${ONCE}`,
  'microsoft.sql_server': `const pool = new sql.ConnectionPool({ pool: { max: 10 }, … });${ONCE}`,
};

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
          code: CODE[system] ?? null,
          language: CODE[system] === undefined ? null : ('js' as const),
        },
        confidence: 'high' as const,
        verification: 'Connections are opened at the start and hardly later.',
        measure: { kind: 'service' } as const,
      },
    ];
  });
