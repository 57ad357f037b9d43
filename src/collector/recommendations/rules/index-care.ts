/** Rule: indexes that cost writes and help nobody, statistics that are missing, tables that are bloated. */
import type { Advice } from '../../../advisor/advice.js';
import type { Rule } from './rule.js';

const SAYINGS: Readonly<Record<string, readonly [title: string, finding: string, check: string]>> =
  {
    unused_index: [
      'Unused index',
      'An index is written at every change and was never read.',
      'writes of the table get no slower, and no query misses it',
    ],
    duplicate_index: [
      'Duplicate index',
      'Two indexes of a table hold the same, and both are written at every change.',
      'the other index is used in its place',
    ],
    never_analysed: [
      'Table without statistics',
      'The planner knows nothing of the table and guesses.',
      'the plans of its queries estimate the rows that come',
    ],
    bloat: [
      'Bloated table',
      'Much of the table is dead rows that every scan reads.',
      'the table is smaller and its scans are faster',
    ],
    cast: [
      'A cast defeats an index',
      'A comparison of different types keeps the database from using the index.',
      'the plan of the query uses the index',
    ],
  };

export const indexCare: Rule = ({ advice }) =>
  advice.flatMap((one: Advice) => {
    const sayings = SAYINGS[one.kind];
    if (sayings === undefined) return [];
    const [title, finding, check] = sayings;
    return [
      {
        type: one.kind,
        subject: `${one.database} ${one.table} ${one.ddl ?? one.id}`,
        title: `${title}: ${one.table}`,
        finding,
        evidence: one.evidence,
        costPerDay: 0,
        fix: {
          text: one.ddl === null ? 'See the evidence.' : 'Run this when the table is quiet.',
          code: one.ddl,
          language: one.ddl === null ? null : ('sql' as const),
        },
        confidence: one.confidence,
        verification: `The next advice does not have it any more; ${check}.`,
        query: one.query,
        measure:
          one.query === null
            ? ({ kind: 'service' } as const)
            : ({ kind: 'query', text: one.query } as const),
      },
    ];
  });
