/**
 * What the advisor says of a database: advice, and how each statement was planned. Plain data, as it is
 * printed, served and kept. No text of it holds a value of a statement or of a row.
 */
import { createHash } from 'node:crypto';

export type AdviceKind =
  | 'missing_index'
  | 'unused_index'
  | 'duplicate_index'
  | 'foreign_key_without_index'
  | 'never_analysed'
  | 'bloat'
  | 'cast';

export type Confidence = 'high' | 'medium' | 'low';

export interface Advice {
  /** The same in every run, as long as it is about the same thing. */
  readonly id: string;
  readonly kind: AdviceKind;
  readonly database: string;
  /** With its schema where that is not the usual one. */
  readonly table: string;
  /** The canonical text of the statement that gains most; null when it is about the table alone. */
  readonly query: string | null;
  /** To be run as it stands; null where there is more to decide. */
  readonly ddl: string | null;
  /** Estimated cost before, divided by that after. */
  readonly gain: number | null;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly writeCost: string | null;
}

/** Whether a plan reads tables by an index, whole, or some so and some so. */
export type ScanKind = 'index_scan' | 'table_scan';

export interface QueryPlan {
  readonly text: string;
  readonly scans: readonly ScanKind[];
  /** In the unit of the database; null where it tells none. */
  readonly cost: number | null;
}

/** A statement that was not planned, and why. */
export interface Skipped {
  readonly text: string;
  readonly reason: string;
}

export type DatabaseSystem = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite';

export interface AdviceReport {
  readonly system: DatabaseSystem;
  readonly version: string;
  readonly database: string;
  /** How an index was judged: tried hypothetically, tried in a copy of the schema, or estimated. */
  readonly method: 'hypothetical' | 'estimated';
  readonly advice: readonly Advice[];
  readonly plans: readonly QueryPlan[];
  readonly skipped: readonly Skipped[];
  /** What whoever runs the advisor should know: rights that are too wide, what could not be read. */
  readonly notes: readonly string[];
}

const ID_LENGTH = 12;

/** What is to be run only once: an index for a foreign key may be one that a statement wants, too. */
export function distinctAdvice(advice: readonly Advice[]): Advice[] {
  const ddls = new Set<string>();
  return advice.filter(({ ddl }) => {
    if (ddl === null) return true;
    const isNew = !ddls.has(ddl);
    ddls.add(ddl);
    return isNew;
  });
}

/** Makes advice with its id, which tells apart what `distinguished` does. */
export function adviceOf(
  advice: Omit<Advice, 'id'>,
  distinguished: string = advice.ddl ?? advice.query ?? '',
): Advice {
  const { kind, database, table } = advice;
  const key = JSON.stringify([kind, database, table, distinguished]);
  const id = createHash('sha256').update(key).digest('hex').slice(0, ID_LENGTH);
  return { id, ...advice };
}
