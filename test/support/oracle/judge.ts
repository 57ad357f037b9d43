/**
 * The verdict on a producer: every id that was obliged is there, no id is there twice, none is there
 * that was never recorded, and the loss account adds up. Pure.
 *
 * An obliged id may be missing only where the account says that records were dropped: a loss that is
 * told of is kept apart from a silent one.
 */
import type { ProcessAccount } from '../../../src/collector/query/ledger.js';
import type { End } from './id-log.js';

export interface Evidence {
  readonly recorded: number;
  /** Ids below this one must be there. */
  readonly obliged: number;
  readonly end: End;
  /** How often the collector has each id. */
  readonly counts: ReadonlyMap<number, number>;
  /** Of the producer's process, which is the only one of its service. */
  readonly accounts: readonly ProcessAccount[];
}

/** Sentences about what is wrong; none when all is well. */
export function complaintsOf(evidence: Evidence): string[] {
  return [...complaintsOfIds(evidence), ...complaintsOfAccounts(evidence)];
}

function complaintsOfIds({ recorded, obliged, counts, accounts }: Evidence): string[] {
  const missing: number[] = [];
  for (let id = 0; id < obliged; id++) if (!counts.has(id)) missing.push(id);
  const excused = accounts.reduce((sum, account) => sum + droppedOf(account), 0);
  const twice = [...counts].filter(([, count]) => count > 1).map(([id]) => id);
  const unknown = [...counts.keys()].filter((id) => id >= recorded);
  return [
    ...(missing.length > excused ? [`${missing.length} ids are missing: ${some(missing)}`] : []),
    ...(twice.length > 0 ? [`${twice.length} ids are there twice: ${some(twice)}`] : []),
    ...(unknown.length > 0 ? [`ids that nobody recorded: ${some(unknown)}`] : []),
  ];
}

function complaintsOfAccounts({ accounts, obliged, end }: Evidence): string[] {
  // A process that was killed at once may have said nothing.
  if (accounts.length === 0 && obliged === 0) return [];
  if (accounts.length !== 1) return [`expected one account, got ${accounts.length}`];
  const [account] = accounts as [ProcessAccount];
  const { recorded, received, pending, unaccounted, balanced } = account;
  const sum = `${recorded} recorded, ${received} received, ${droppedOf(account)} dropped, ${pending} pending`;
  const complaints: string[] = [];
  if (!balanced) complaints.push(`the ledger does not add up: ${sum}, ${unaccounted} unaccounted`);
  if (recorded < obliged) complaints.push(`the ledger knows too few records: ${sum}`);
  if (end === 'orderly' && pending > 0) complaints.push(`records are still pending: ${sum}`);
  return complaints;
}

/** Records that an account calls dropped, for whatever reason. */
export function droppedOf({ dropped }: Pick<ProcessAccount, 'dropped'>): number {
  return Object.values(dropped).reduce((sum, records) => sum + records, 0);
}

function some(ids: readonly number[]): string {
  return ids.slice(0, 5).join(', ') + (ids.length > 5 ? ' …' : '');
}
