/**
 * Statements that wait for locks, as one look at a database shows them. Plain data; no text of it holds a value: each
 * is canonical, as that of a recorded query is.
 */
import { described } from '../../sql/described.js';
import type { DatabaseSystem } from '../advice.js';

/** What the one that holds the lock was doing. `idle`: its transaction is open, and it runs nothing. */
export type BlockerState = 'running' | 'waiting' | 'idle' | 'unknown';

export interface LockWait {
  /** The same in every look, as long as it is the same wait. */
  readonly key: string;
  /** `deadlock`: each waits for the other, until the database ends one. */
  readonly kind: 'lock_wait' | 'deadlock';
  readonly system: DatabaseSystem;
  readonly blocked: string;
  /** What the blocker runs, or ran last, which need not be what took the lock; null where the server does not tell. */
  readonly blocker: string | null;
  readonly blockerState: BlockerState;
  readonly waitedS: number;
}

export interface LockSample {
  readonly waits: readonly LockWait[];
  /** Waits that were too many to be looked at. */
  readonly omitted: number;
}

/** A connection by which one looks again and again. */
export interface LockSession {
  readonly system: DatabaseSystem;
  /** What keeps it from seeing others' statements; undefined when nothing does. */
  readonly missingRight: string | undefined;
  look(): Promise<LockSample>;
  close(): Promise<void>;
}

/** One waiting session and one of those that it waits for. */
export interface RawWait {
  readonly id: string;
  readonly blockerId: string;
  readonly sinceMs: number;
  readonly waitedS: number;
  readonly blocked: string;
  readonly blocker: string | null;
  readonly isBlockerIdle: boolean;
}

/** Of one look at most. */
export const WAITERS_MAX = 20;
/** A shorter wait is how databases work. */
export const WAITED_S_MIN = 0.1;

/**
 * One wait for each session that waits, with the blocker that waits for nobody where there is one: the others of a
 * chain wait for it, too. Two that wait for each other are one deadlock.
 */
export function waitsOf(system: DatabaseSystem, rows: readonly RawWait[]): LockWait[] {
  const blockersOf = new Map<string, RawWait[]>();
  for (const row of rows) blockersOf.set(row.id, [...(blockersOf.get(row.id) ?? []), row]);
  const waits: LockWait[] = [];
  for (const [id, own] of blockersOf) {
    const mutual = own.find((row) =>
      blockersOf.get(row.blockerId)?.some((b) => b.blockerId === id),
    );
    // Each side would tell of it.
    if (mutual !== undefined && mutual.blockerId < id) continue;
    const row = mutual ?? own.find(({ blockerId }) => !blockersOf.has(blockerId)) ?? own[0]!;
    if (row.waitedS < WAITED_S_MIN) continue;
    const isWaiting = blockersOf.has(row.blockerId);
    waits.push({
      key: `${id} ${row.sinceMs}`,
      kind: mutual === undefined ? 'lock_wait' : 'deadlock',
      system,
      blocked: shown(system, row.blocked),
      blocker: row.blocker === null ? null : shown(system, row.blocker),
      blockerState: isWaiting ? 'waiting' : stateOf(row),
      waitedS: row.waitedS,
    });
  }
  return waits;
}

function stateOf({ isBlockerIdle, blocker }: RawWait): BlockerState {
  if (isBlockerIdle) return 'idle';
  return blocker === null ? 'unknown' : 'running';
}

/** The server may have cut it, in the middle of a value, too. */
export function shown(system: DatabaseSystem, text: string): string {
  return described(system, text).text;
}
