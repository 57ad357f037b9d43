/**
 * Tables as the advisor sees them, whatever the database: columns with what their statistics say, indexes,
 * foreign keys. Read once a run, for the tables that its statements name. No values of rows.
 */

export interface Column {
  readonly name: string;
  /** As the database writes it, in lower case. */
  readonly type: string;
  /** MySQL: longer than a key may be, so that no index can be made of it whole. */
  readonly isTooLong?: boolean;
  /** Different values; null where nothing is known. */
  readonly distinct: number | null;
  /** Of the rows. */
  readonly nullShare: number;
  /** Rows of the commonest value, of all; null where it is not known. */
  readonly commonestShare: number | null;
  /** Between the order of the values and that of the rows, -1 to 1. */
  readonly correlation: number;
}

export interface Index {
  readonly name: string;
  /** In order; '' stands for an expression. */
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** A primary key, a unique or exclusion constraint, what a foreign key refers to, a part of a partitioned index. */
  readonly isConstraint: boolean;
  /** Answers for every row, by order: no partial, hash or full-text index. */
  readonly isOrdinary: boolean;
  /** Of one that would be, but has no rows in which this column is null: who asks for a value asks for none of them. */
  readonly filled?: string;
  /** The columns with all that tells their order: operators, collation, direction, length. '' for an expression. */
  readonly keys: readonly string[];
  readonly bytes: number;
  /** How often it was read since statistics began; null where that is not told. */
  readonly scans: number | null;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly referenced: string;
}

/** Rows written since statistics began. */
export interface Writes {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

export interface Table {
  /** Empty where the database has none. */
  readonly schema: string;
  readonly name: string;
  /** As it is shown and written in DDL: with its schema where it needs that. */
  readonly shownName: string;
  /** As DDL has it, quoted where it must be. */
  readonly sqlName: string;
  readonly rows: number;
  /** Of 8 KiB, or of the database's own size. */
  readonly pages: number;
  readonly columns: ReadonlyMap<string, Column>;
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Null where the database does not count them. */
  readonly writes: Writes | null;
}

/** Finds the table that a name of a statement means; undefined when it is none that can be read. */
export type FindTable = (schema: string, name: string) => Table | undefined;

/** Whether the first columns of an index are `columns`, in that order. */
export function beginsWith(index: readonly string[], columns: readonly string[]): boolean {
  return columns.length <= index.length && columns.every((name, i) => index[i] === name);
}

/** Whether an index of the table finds rows by `equals` in any order, and then by `rest` in that order. */
export function isCovered(
  { indexes }: Pick<Table, 'indexes'>,
  equals: readonly string[],
  rest: readonly string[],
): boolean {
  return indexes.some(({ columns, isOrdinary, isUnique }) => {
    if (!isOrdinary) return false;
    // Of a unique key that is given whole there is one row at most.
    if (isUnique && columns.every((name) => equals.includes(name))) return true;
    const first = columns.slice(0, equals.length);
    const isSame = first.length === equals.length && equals.every((name) => first.includes(name));
    return isSame && beginsWith(columns.slice(equals.length), rest);
  });
}
