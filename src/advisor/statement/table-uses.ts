/**
 * By what a statement finds the rows of each of its tables: columns that are compared with a value, with a
 * column of another table, with a range, or by which it is ordered. What an index could serve, and what
 * (expressions around a column) it could not. Pure.
 */
import type { Token } from '../../sql/token.js';
import type { FindTable, Table } from '../catalogue.js';
import { conjunctsOf, split } from './clauses.js';
import { comparisonOf } from './comparison.js';
import { columnAt, columnOf, draftsIn, type Found, isOfAnother } from './named-columns.js';
import { type QueryBlock, queryBlocksOf, SUBQUERY } from './query-blocks.js';

/** A comparison with an expression of a column, which no index on that column serves. */
export interface Wrapped {
  readonly column: string;
  /** As it stands in the canonical text. */
  readonly expression: string;
}

export interface TableUse {
  readonly table: Table;
  /** By which the statement, and some databases' plans, name it. */
  readonly alias: string;
  readonly equals: ReadonlySet<string>;
  readonly nulls: ReadonlySet<string>;
  readonly ranges: ReadonlySet<string>;
  /** Those with two ends. */
  readonly closedRanges: ReadonlySet<string>;
  /** Compared with columns of other tables. */
  readonly joins: ReadonlySet<string>;
  /** Compared in one arm of an OR: each arm needs an index of its own. */
  readonly alternatives: ReadonlySet<string>;
  /** Each OR that this table decides alone: by arm the columns by any of which its rows are found. */
  readonly ors: readonly (readonly (readonly string[])[])[];
  readonly wrapped: readonly Wrapped[];
  /** In order, where all of them are plain columns of this table, in one direction. */
  readonly orderBy: readonly string[];
  readonly isLimited: boolean;
}

interface Draft {
  readonly table: Table;
  readonly alias: string;
  readonly equals: Set<string>;
  readonly nulls: Set<string>;
  readonly ranges: Set<string>;
  readonly closedRanges: Set<string>;
  readonly joins: Set<string>;
  readonly alternatives: Set<string>;
  readonly ors: string[][][];
  readonly wrapped: Wrapped[];
  orderBy: string[];
  isLimited: boolean;
}

export function tableUsesOf(tokens: readonly Token[], find: FindTable): TableUse[] {
  return queryBlocksOf(tokens).flatMap((block) => usesOf(block, find));
}

function usesOf(block: QueryBlock, find: FindTable): Draft[] {
  const drafts = block.sources.flatMap(({ schema, name, alias }): Draft[] => {
    const table = find(schema, name);
    return table === undefined ? [] : [draftOf(table, alias)];
  });
  for (const condition of block.conditions.flatMap(conjunctsOf)) addCondition(drafts, condition);
  // `… IN (SELECT id …)`: for each row outside, these may be looked up by it.
  const sought = columnOf(drafts, block.sought);
  sought?.draft.joins.add(sought.column);
  for (const column of block.using) {
    for (const { table, joins } of drafts) if (table.columns.has(column)) joins.add(column);
  }
  addOrder(drafts, block);
  return drafts;
}

function draftOf(table: Table, alias: string): Draft {
  const sets = {
    equals: new Set<string>(),
    nulls: new Set<string>(),
    ranges: new Set<string>(),
    closedRanges: new Set<string>(),
    joins: new Set<string>(),
    alternatives: new Set<string>(),
  };
  return { table, alias, ...sets, ors: [], wrapped: [], orderBy: [], isLimited: false };
}

function addCondition(drafts: readonly Draft[], condition: readonly Token[]): void {
  const arms = split(condition, ({ upper }) => upper === 'OR');
  if (arms.length > 1) {
    addAlternatives(drafts, arms);
    return;
  }
  const comparison = comparisonOf(condition);
  if (comparison === undefined) return;
  const { kind, left, right, isList, isClosed } = comparison;
  const sides = [left, right] as const;
  const columns = sides.map((side) => columnOf(drafts, side));
  for (const [i, found] of columns.entries()) {
    const otherSide = sides[1 - i]!;
    const others = draftsIn(drafts, otherSide);
    if (found === undefined) addWrapped(drafts, sides[i]!, otherSide);
    // Compared with itself, or another column of its own row: no index finds that.
    else if (!others.includes(found.draft)) {
      const isSubquery = isList && otherSide.includes(SUBQUERY);
      const isJoin = others.length > 0 || isSubquery || isOfAnother(otherSide);
      if (kind === 'equal' && isJoin) found.draft.joins.add(found.column);
      else if (kind === 'equal') found.draft.equals.add(found.column);
      else if (kind === 'null') found.draft.nulls.add(found.column);
      else if (kind === 'range' && others.length === 0) addRange(found, isClosed);
    }
  }
}

/** `a > ? AND a < ?` is one with two ends. */
function addRange({ draft, column }: Found<Draft>, isClosed: boolean): void {
  if (isClosed || draft.ranges.has(column)) draft.closedRanges.add(column);
  draft.ranges.add(column);
}

function addAlternatives(drafts: readonly Draft[], arms: readonly (readonly Token[])[]): void {
  const byArm = arms.map((arm) =>
    conjunctsOf(arm).flatMap((condition) => {
      const comparison = comparisonOf(condition);
      if (comparison === undefined || draftsIn(drafts, comparison.right).length > 0) return [];
      const found = columnOf(drafts, comparison.left);
      return found === undefined ? [] : [{ ...found, isEqual: comparison.kind === 'equal' }];
    }),
  );
  for (const { draft, column } of byArm.flat()) draft.alternatives.add(column);
  for (const draft of drafts) {
    const columns = byArm.map((found) =>
      found.flatMap((one) => (one.draft === draft && one.isEqual ? [one.column] : [])),
    );
    if (columns.every(({ length }) => length > 0)) draft.ors.push(columns);
  }
}

/** `lower(name) = ?`, `at::date = ?`: one column, in an expression, against what holds none. */
function addWrapped(
  drafts: readonly Draft[],
  side: readonly Token[],
  other: readonly Token[],
): void {
  if (side.length < 3 || draftsIn(drafts, other).length > 0) return;
  const found = side.flatMap((_, at) => columnAt(drafts, side, at) ?? []);
  const [first] = found;
  if (first === undefined || found.some(({ column }) => column !== first.column)) return;
  const expression = side
    .map(({ text, isSpaced }, i) => (isSpaced && i > 0 ? ` ${text}` : text))
    .join('');
  first.draft.wrapped.push({ column: first.column, expression });
}

function addOrder(drafts: readonly Draft[], block: QueryBlock): void {
  const { orderBy, isLimited, isGrouped } = block;
  for (const draft of drafts) draft.isLimited = isLimited;
  if (isGrouped || orderBy.length === 0) return;
  const keys = orderBy.map((key) => {
    const [expression = [], direction = []] = split(key, ({ upper }) =>
      /^(?:ASC|DESC)$/.test(upper),
    );
    const isDescending = key.some(({ upper }) => upper === 'DESC');
    const isPlain = direction.length === 0 && !key.some(({ upper }) => upper === 'NULLS');
    return { found: isPlain ? columnOf(drafts, expression) : undefined, isDescending };
  });
  const [first] = keys;
  const draft = first?.found?.draft;
  if (draft === undefined) return;
  const isServed = keys.every(
    ({ found, isDescending }) => found?.draft === draft && isDescending === first!.isDescending,
  );
  if (isServed) draft.orderBy = keys.map(({ found }) => found!.column);
}
