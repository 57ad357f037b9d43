/**
 * What the app thread itself has to know of a statement: whether it begins or ends a transaction, or listens, and
 * its verb and class for the series of those past the limit. The worker knows better
 * (src/sql/classify.ts). Runs once a text.
 */

export type TransactionStep = 'begin' | 'commit' | 'rollback';
/** What a statement does to its connection. `listen`: whoever has it keeps it, and need ask nothing more. */
export type ConnectionStep = TransactionStep | 'listen';

export interface StatementKind {
  readonly verb: string | undefined;
  /** As the worker would have it, but that words within literals count. */
  readonly queryClass: string;
  readonly step: ConnectionStep | undefined;
}

const LOOKED_AT = 1024;
/** Blanks one by one: by several at a time, a text of nothing else could be taken in 2 to their number ways. */
const FIRST_WORD = /^(?:\s|\(|--[^\n]*\n|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*([A-Za-z]+)/;
const CLASSES: readonly (readonly [verbs: RegExp, queryClass: string])[] = [
  [/^(?:INSERT|UPDATE|DELETE|MERGE|REPLACE|UPSERT|COPY|LOAD)$/, 'write'],
  [/^(?:COMMIT|END)$/, 'commit'],
  [/^(?:BEGIN|START|ROLLBACK|ABORT|SAVEPOINT|RELEASE)$/, 'transaction'],
  [/^(?:CREATE|ALTER|DROP|TRUNCATE|RENAME|COMMENT|GRANT|REVOKE|REINDEX)$/, 'ddl'],
];
const READS = /^(?:SELECT|TABLE|VALUES)$/;
const COMPLEX =
  /\b(?:join|group\s+by|having|union|intersect|except|over|window)\b|\bselect\b[\s\S]*\bselect\b|\b(?:count|sum|avg|min|max|\w+_agg)\s*\(/i;
const WRITES = /\b(?:insert\s+into|update|delete\s+from|merge\s+into)\b/i;
/** Of a text of several statements only this is known: a transaction that it begins and nowhere ends stays open. */
const HAS_MORE = /;\s*\S/;
const MAY_END = /\b(?:commit|rollback|end|abort)\b/i;

export function kindOf(sql: string): StatementKind {
  const text = sql.slice(0, LOOKED_AT);
  const first = FIRST_WORD.exec(text)?.[1]?.toUpperCase();
  if (first === 'WITH') {
    const isWrite = WRITES.test(text);
    return { verb: first, queryClass: isWrite ? 'write' : 'complex', step: undefined };
  }
  if (first !== undefined && READS.test(first)) {
    return { verb: first, queryClass: COMPLEX.test(text) ? 'complex' : 'simple', step: undefined };
  }
  const queryClass = CLASSES.find(([verbs]) => verbs.test(first ?? ''))?.[1];
  // Whatever else begins a text may be anything.
  if (queryClass === undefined) {
    return {
      verb: undefined,
      queryClass: 'other',
      step: first === 'LISTEN' ? 'listen' : undefined,
    };
  }
  return { verb: first, queryClass, step: stepOf(first ?? '', text) };
}

function stepOf(verb: string, text: string): TransactionStep | undefined {
  const isBegin = verb === 'BEGIN' || verb === 'START';
  if (HAS_MORE.test(text)) {
    return isBegin && text.length < LOOKED_AT && !MAY_END.test(text) ? 'begin' : undefined;
  }
  if (isBegin) return 'begin';
  if (verb === 'COMMIT' || verb === 'END') return 'commit';
  const isRollback = verb === 'ROLLBACK' || verb === 'ABORT';
  return isRollback && !/\bto\b/i.test(text) ? 'rollback' : undefined;
}
