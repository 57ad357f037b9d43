/**
 * A plan as far as it matters which tables are read how, whatever the database: what is estimated, compared and
 * shown is made from it. Plain data.
 */
import type { QueryPlan, ScanKind } from './advice.js';

export interface Scan {
  readonly kind: ScanKind;
  /** The table's own name, without its schema. */
  readonly table: string;
  readonly index: string | undefined;
  /** Of reading it once. */
  readonly cost: number;
  /** What conditions leave of it, in all. */
  readonly rows: number;
  /** How often it is read: once for each row of the other side of a nested loop. */
  readonly loops: number;
  /** That has both its sides read in turn (by a hash, by merging), shared by the scans that it joins. */
  readonly join: Join | undefined;
}

/** What joining costs besides reading, which looking rows up one by one spares. */
export interface Join {
  readonly cost: number;
}

export interface Plan {
  readonly cost: number;
  readonly scans: readonly Scan[];
  /** The part of the cost that sorting takes, which an index in the right order would spare. */
  readonly sortCost: number;
}

/** How the plan reads its tables. */
export function scanKindsOf({ scans }: Pick<Plan, 'scans'>): QueryPlan['scans'] {
  return [...new Set(scans.map(({ kind }) => kind))].sort();
}

const SHOWN_MAX = 4;

/** As evidence. */
export function scansText({ scans }: Pick<Plan, 'scans'>): string {
  const shown = scans.slice(0, SHOWN_MAX).map(({ kind, table, index }) => {
    if (kind === 'table_scan') return `${table} read whole`;
    // HypoPG's names begin with an object id in angle brackets.
    const isNew = index === undefined || index.startsWith('<');
    return isNew ? `${table} by a new index` : `${table} by ${index}`;
  });
  return shown.length === 0 ? 'no table is read' : shown.join(', ');
}
