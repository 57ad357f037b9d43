/**
 * Indexes worth trying for one use of a table: columns of equality first, the most selective before the
 * others, then one range or the order; three columns at most; none that an index of the table serves
 * already. Pure.
 */
import { isCovered, type Table } from './catalogue.js';
import { mostSelective } from './selectivity.js';
import type { TableUse } from './statement/table-uses.js';

export interface Candidate {
  readonly table: Table;
  readonly columns: readonly string[];
  /** How many of the columns, from the first on, are compared for equality. */
  readonly equalCount: number;
  readonly end: 'equality' | 'range' | 'order' | 'join' | 'alternative';
}

const COLUMNS_MAX = 3;
/** Of one table in one statement. */
const CANDIDATES_MAX = 8;
/** Types that a B-tree does not hold, or not usefully. */
const UNORDERED =
  /json|xml|point|polygon|box|circle|path|tsvector|tsquery|blob|bytea|(?:tiny|medium|long)text|\[\]$|geometry/;

/** @param rowsMin tables that have fewer are read as fast without an index */
export function candidatesOf(use: TableUse, rowsMin: number): Candidate[] {
  const { table } = use;
  if (table.rows < rowsMin) return [];
  const usable = (names: Iterable<string>): string[] =>
    mostSelective(table, names, use.nulls).filter((name) => isOrdered(table, name));
  const equals = usable([...use.equals, ...use.nulls]);
  const joins = usable(use.joins);
  const ranges = usable(use.ranges);
  const order = use.orderBy.filter((name) => !equals.includes(name));
  const found: Candidate[] = [];
  const add = (first: readonly string[], rest: readonly string[], end: Candidate['end']): void => {
    const columns = [...new Set([...first, ...rest])].slice(0, COLUMNS_MAX);
    const isKnown = found.some((other) => other.columns.join() === columns.join());
    if (columns.length === 0 || isKnown || found.length >= CANDIDATES_MAX) return;
    if (columns.some((name) => !isOrdered(table, name))) return;
    const equalCount = Math.min(first.length, columns.length);
    if (isCovered(table, columns.slice(0, equalCount), columns.slice(equalCount))) return;
    found.push({ table, columns, equalCount, end });
  };
  const [range] = ranges;
  // With a join, what it finds by the other table's row comes first, or what is asked of this one does.
  for (const join of joins) add([join, ...equals.slice(0, 1)], [], 'join');
  for (const join of joins) add([join], [], 'join');
  if (range !== undefined) add(equals.slice(0, 2), [range], 'range');
  if (order.length > 0) add(equals.slice(0, 2), order, 'order');
  add(equals, [], 'equality');
  add(equals.slice(0, 2), [], 'equality');
  add(equals.slice(0, 1), [], 'equality');
  for (const one of use.alternatives) add([one], [], 'alternative');
  for (const other of ranges) add([], [other], 'range');
  return found;
}

function isOrdered(table: Table, name: string): boolean {
  const column = table.columns.get(name);
  return column !== undefined && column.isTooLong !== true && !UNORDERED.test(column.type);
}
