/**
 * What a plan would cost with an index that does not exist, where the planner cannot be asked: from statistics, in
 * the units and after the formulas of PostgreSQL (costsize.c), for every database. Pure. Of medium confidence:
 * the planner may think otherwise.
 */
import type { Candidate } from './candidates.js';
import type { Table } from './catalogue.js';
import type { Plan, Scan } from './plan.js';
import { equalShare } from './selectivity.js';
import { PAGE_ROWS } from './statement/render-statement.js';
import type { TableUse } from './statement/table-uses.js';

/** Defaults of PostgreSQL: random_page_cost, and the CPU of an index entry and its row. */
const RANDOM_PAGE = 4;
const SEQUENTIAL_PAGE = 1;
const ROW = 0.015;
/** A range with two ends is taken to leave far less: 0.5 %. */
const CLOSED_RANGE_SHARE_MAX = 0.1;
/** An index that finds more of a table than this is not surely worth it, whatever the estimate says. */
const FOUND_SHARE_MAX = 0.05;
/** The way down a B-tree of three levels. */
const DESCENT = 8;

/** The plan with the index; undefined where it has nothing that the index would replace. */
export function planWith(candidate: Candidate, use: TableUse, plan: Plan): Plan | undefined {
  const scan = replaceable(candidate, plan);
  if (scan === undefined) return undefined;
  const loops = scan.kind === 'table_scan' ? scan.loops : 1;
  const isFound = candidate.end !== 'order' && candidate.end !== 'alternative';
  if (isFound && shareOf(candidate, use, scan) > FOUND_SHARE_MAX) return undefined;
  switch (candidate.end) {
    case 'equality':
    case 'range':
      return replaced(plan, scan, { cost: findCost(candidate, use, scan) * loops });
    case 'join': {
      const cost = findCost(candidate, use, scan) * lookupsOf(plan, scan);
      return replaced(plan, scan, { cost, isLookedUp: true });
    }
    case 'order':
      return replaced(plan, scan, { cost: orderCost(candidate, use, scan), isSorted: true });
    case 'alternative':
      // Worth something only with those of the other arms.
      return undefined;
  }
}

/**
 * The plan that finds the rows of each arm of an OR by an index; undefined where it reads the table otherwise.
 * @param columns that of each arm
 */
export function planWithArms(
  table: Table,
  columns: readonly string[],
  plan: Plan,
): Plan | undefined {
  const scan = plan.scans.find((one) => one.kind === 'table_scan' && one.table === table.name);
  if (scan === undefined) return undefined;
  const shares = columns.map((name) => equalShare(table, [name]));
  if (shares.reduce((sum, share) => sum + share, 0) > FOUND_SHARE_MAX) return undefined;
  const costs = columns.map((name, i) => readCost(readable(table, [name]), shares[i]!));
  return replaced(plan, scan, { cost: costs.reduce((sum, cost) => sum + cost, 0) * scan.loops });
}

interface Replacement {
  readonly cost: number;
  /** In the order that is asked for. */
  readonly isSorted?: boolean;
  /** Row by row of the other side. */
  readonly isLookedUp?: boolean;
}

function replaced(
  plan: Plan,
  scan: Scan,
  { cost, isSorted = false, isLookedUp = false }: Replacement,
): Plan {
  const spared = isLookedUp ? scan.join : undefined;
  const sortCost = isSorted ? 0 : plan.sortCost;
  const without = Math.max(0, plan.cost - scan.cost * scan.loops - (spared?.cost ?? 0));
  const read: Scan = { ...scan, kind: 'index_scan', index: undefined, cost, loops: 1 };
  const scans = plan.scans.map((one): Scan => {
    const now = one === scan ? read : one;
    return spared !== undefined && now.join === spared ? { ...now, join: undefined } : now;
  });
  return { cost: Math.max(0, without - plan.sortCost + sortCost) + cost, scans, sortCost };
}

/** What reads the table whole, or looks it up for each row of another one. */
function replaceable({ table, end }: Candidate, { scans }: Plan): Scan | undefined {
  const ofTable = scans.filter((scan) => scan.table === table.name);
  const whole = ofTable.find(({ kind }) => kind === 'table_scan');
  const mayRepeat = end !== 'order' && end !== 'alternative';
  return whole ?? (mayRepeat ? ofTable.find(({ loops }) => loops > 1) : undefined);
}

/** Reads by the index all rows that agree with its columns. */
function findCost(candidate: Candidate, use: TableUse, scan: Scan): number {
  const { table, columns } = candidate;
  return readCost(readable(table, columns), shareOf(candidate, use, scan));
}

function shareOf(
  { table, columns, equalCount, end }: Candidate,
  use: TableUse,
  scan: Scan,
): number {
  const equals = equalShare(table, columns.slice(0, equalCount), use.nulls);
  const conditions = [...use.equals, ...use.nulls, ...use.ranges];
  const areAll = conditions.every((name) => columns.includes(name));
  if (!areAll || end === 'join' || scan.kind !== 'table_scan') return equals;
  // The planner said what all conditions leave. Of a range with one end it knows nothing, and takes a third.
  const expected = scan.rows / scan.loops / table.rows;
  const isOpen = end === 'range' && expected > equals * CLOSED_RANGE_SHARE_MAX;
  return isOpen ? equals : expected;
}

interface Readable {
  readonly rows: number;
  readonly pages: number;
  readonly correlation: number;
}

function readable(table: Table, [first = '']: readonly string[]): Readable {
  const { rows, pages } = table;
  return { rows, pages, correlation: table.columns.get(first)?.correlation ?? 0 };
}

/** Between reading each row's page at random and pages in order, by how the rows lie. */
function readCost({ rows, pages, correlation }: Readable, share: number): number {
  const read = Math.max(1, rows * share);
  // Of a bitmap scan: the more of the pages are read, the more they lie side by side.
  const touched = Math.min(pages, (2 * pages * read) / Math.max(1, 2 * pages + read));
  const nearness = Math.sqrt(touched / Math.max(1, pages));
  const random = touched * (RANDOM_PAGE - (RANDOM_PAGE - SEQUENTIAL_PAGE) * nearness);
  const ordered = RANDOM_PAGE + Math.max(0, pages * share - 1) * SEQUENTIAL_PAGE;
  const order = correlation * correlation;
  return DESCENT + random + order * (Math.min(ordered, random) - random) + read * ROW;
}

/** Reads in the order of the index, and stops at the end of the page where there is one. */
function orderCost({ table, columns, equalCount }: Candidate, use: TableUse, scan: Scan): number {
  const equals = equalShare(table, columns.slice(0, equalCount), use.nulls);
  const ordered = readable(table, columns.slice(equalCount));
  if (!use.isLimited) return readCost(ordered, equals);
  // Rows that the other conditions let through, of those that the index finds.
  const kept = Math.min(1, Math.max(1, scan.rows) / Math.max(1, table.rows * equals));
  return readCost(ordered, Math.min(equals, PAGE_ROWS / kept / table.rows));
}

/** How often an inner side of a nested loop would be asked: once for each row of the smallest other input. */
function lookupsOf({ scans }: Plan, scan: Scan): number {
  const others = scans.filter((one) => one !== scan).map(({ rows }) => rows);
  return others.length === 0 ? scan.loops : Math.max(1, Math.min(...others));
}
