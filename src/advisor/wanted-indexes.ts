/** What one statement would gain from, with its evidence, as it goes into the advice. Pure. */
import type { Table } from './catalogue.js';
import type { Wanted } from './merged-advice.js';
import { type Plan, scansText } from './plan.js';
import { count } from './table-care.js';
import type { Better } from './try-estimated.js';

/** Plans that cost less are quick enough: some 100 pages in order, or 250 here and there by an index. */
const WHOLE_COST_MIN = 100;
const INDEXED_COST_MIN = 1000;

/** Whether an index could save enough to be worth its keep. */
export function isWorthTrying({ cost, scans }: Plan): boolean {
  const isWhole = scans.some(({ kind }) => kind === 'table_scan');
  return cost >= (isWhole ? WHOLE_COST_MIN : INDEXED_COST_MIN);
}

export interface Planned {
  /** Canonical. */
  readonly text: string;
  readonly totalSeconds: number;
  readonly before: Plan;
}

/** @param isTried whether the database's planner itself has taken the index, which makes it sure */
export function wantedOf(
  { cost, indexes, plan }: Better,
  { text, totalSeconds, before }: Planned,
  isTried: boolean,
): Wanted[] {
  const after = isTried ? 'plan with the index made hypothetically' : 'estimated with the index';
  return indexes.map(({ candidate: { table, columns }, bytes }) => ({
    table,
    columns,
    bytes,
    text,
    totalSeconds,
    costBefore: before.cost,
    costAfter: cost,
    confidence: isTried ? 'high' : 'medium',
    evidence: [
      `plan today: ${scansText(before)}, cost ${count(before.cost)}`,
      `${after}: ${scansText(plan)}, cost ${count(cost)}`,
      `${table.shownName} has about ${count(table.rows)} rows`,
      ...othersOf(indexes, table, columns),
    ],
  }));
}

/** An index that gains as much only together with others says so. */
function othersOf(indexes: Better['indexes'], table: Table, columns: readonly string[]): string[] {
  const others = indexes.filter(
    ({ candidate }) => candidate.table !== table || candidate.columns !== columns,
  );
  const names = others.map(
    ({ candidate }) => `${candidate.table.shownName} (${candidate.columns.join(', ')})`,
  );
  return names.length === 0 ? [] : [`the gain is that of all together: also ${names.join(', ')}`];
}
