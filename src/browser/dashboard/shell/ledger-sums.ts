/** The ledgers of all processes added up. Pure. */
import type { ProcessRow } from '../api/health-answers.js';

export interface LedgerSums {
  readonly processes: number;
  readonly recorded: number;
  readonly received: number;
  readonly dropped: number;
  readonly pending: number;
  readonly unaccounted: number;
  readonly isBalanced: boolean;
}

export function ledgerOf(processes: readonly ProcessRow[]): LedgerSums {
  const sum = (of: (row: ProcessRow) => number): number =>
    processes.reduce((total, row) => total + of(row), 0);
  return {
    processes: processes.length,
    recorded: sum(({ recorded }) => recorded),
    received: sum(({ received }) => received),
    dropped: sum(droppedOf),
    pending: sum(({ pending }) => pending),
    unaccounted: sum(({ unaccounted }) => unaccounted),
    isBalanced: processes.every(({ balanced }) => balanced),
  };
}

export function droppedOf({ dropped }: ProcessRow): number {
  return Object.values(dropped).reduce((total, count) => total + count, 0);
}
