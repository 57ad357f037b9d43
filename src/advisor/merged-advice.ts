/**
 * What single statements would gain from, as advice about tables: one index for all that want it, and none
 * beside another that begins with the same columns. Pure.
 */
import { type Advice, adviceOf, type Confidence } from './advice.js';
import { beginsWith, type Table } from './catalogue.js';
import { indexSql, type SqlDialect } from './index-sql.js';
import { writeCostOf } from './table-care.js';

/** An index that one statement would gain from. */
export interface Wanted {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly bytes: number | undefined;
  /** Canonical text, and its time in all. */
  readonly text: string;
  readonly totalSeconds: number;
  readonly costBefore: number;
  readonly costAfter: number;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
}

export function mergedAdvice(
  wanted: readonly Wanted[],
  database: string,
  dialect: SqlDialect,
): Advice[] {
  const widest = wanted.filter(
    (one) => !wanted.some((other) => contains(other, one) && !contains(one, other)),
  );
  const groups = new Map<string, Wanted[]>();
  for (const one of widest) {
    const key = JSON.stringify([one.table.shownName, one.columns]);
    if (!groups.has(key))
      groups.set(
        key,
        wanted.filter((other) => contains(one, other)),
      );
  }
  return [...groups.entries()].map(([key, members]) => {
    const [, columns] = JSON.parse(key) as [string, string[]];
    return adviceFor(columns, members, database, dialect);
  });
}

/** Whether the index of `one` does for `other` as well. */
function contains(one: Wanted, other: Wanted): boolean {
  return one.table.shownName === other.table.shownName && beginsWith(one.columns, other.columns);
}

function adviceFor(
  columns: readonly string[],
  members: readonly Wanted[],
  database: string,
  dialect: SqlDialect,
): Advice {
  const [first, ...others] = [...members].sort(
    (a, b) => b.totalSeconds - a.totalSeconds || savedBy(b) - savedBy(a),
  );
  const { table, text, costBefore, costAfter, confidence, bytes } = first!;
  const also = others.map((other) => other.text);
  return adviceOf({
    kind: 'missing_index',
    database,
    table: table.shownName,
    query: text,
    ddl: indexSql(table, columns, dialect),
    gain: round(costBefore / Math.max(costAfter, 0.01)),
    confidence,
    evidence: [
      ...first!.evidence,
      ...(also.length === 0
        ? []
        : [`it also serves ${also.length} more: ${also.slice(0, 3).join(' · ')}`]),
    ],
    writeCost: writeCostOf(table, bytes),
  });
}

const savedBy = ({ costBefore, costAfter }: Wanted): number => costBefore - costAfter;

/** Three digits say more than the estimate knows. */
function round(value: number): number {
  return Number(value.toPrecision(3));
}
