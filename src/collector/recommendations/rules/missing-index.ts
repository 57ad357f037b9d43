/** Rule: an index that would help, as ready DDL, from the advice of the database itself. */
import type { QueryRow } from '../../views/queries.js';
import { inADay, items, quoted, time } from '../words.js';
import type { Rule } from './rule.js';

export const missingIndex: Rule = ({ advice, queries, recordedMs }) =>
  advice
    .filter(({ kind }) => kind === 'missing_index' || kind === 'foreign_key_without_index')
    .map((one) => {
      const query = queries.find(({ text }) => text === one.query);
      const isKey = one.kind === 'foreign_key_without_index';
      return {
        type: one.kind,
        subject: `${one.database} ${one.table} ${one.ddl ?? one.id}`,
        title: isKey ? `Foreign key without an index: ${one.table}` : `Missing index: ${one.table}`,
        finding: isKey
          ? `A foreign key of ${one.table} has no index, so that joins and deletes read the whole table.`
          : `${one.query === null ? 'A query' : quoted(one.query)} reads more of ${one.table} than it needs.`,
        evidence: [
          ...one.evidence,
          ...(query === undefined ? [] : [usageOf(query)]),
          ...(one.gain === null
            ? []
            : [`The plan costs ${one.gain.toFixed(1)} times less with it.`]),
          ...(one.writeCost === null ? [] : [`Its price: ${one.writeCost}`]),
        ],
        costPerDay: query === undefined ? 0 : savingOf(query, one.gain, recordedMs),
        fix: {
          text: 'Create the index.',
          code: one.ddl,
          language: one.ddl === null ? null : 'sql',
        },
        confidence: one.confidence,
        verification: 'The plan of the query uses the index, and its time falls.',
        query: one.query,
        measure: query === undefined ? { kind: 'service' } : { kind: 'query', text: query.text },
      };
    });

function usageOf({ calls, p95, total }: QueryRow): string {
  return `${items(calls, 'call')}, p95 ${time(p95)}, ${time(total)} in all.`;
}

function savingOf({ total }: QueryRow, gain: number | null, recordedMs: number): number {
  const kept = gain === null || gain < 1 ? 1 : 1 / gain;
  return inADay(total * (1 - kept), recordedMs);
}
