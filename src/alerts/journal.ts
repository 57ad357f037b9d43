/**
 * Where alerts and their messages are kept, so that an end of the process at any moment neither loses nor
 * doubles one: what a step changed is written in one transaction, state, outbox and history together. The
 * collector's is a SQLite file, the agent's worker has a small file.
 */
import type { EndedAlert } from './alert.js';
import type { Alerts } from './engine.js';
import type { Notification } from './notification.js';
import type { Paces } from './plan-notifications.js';
import type { Silence } from './silence.js';

export interface SavedState {
  readonly alerts: Alerts;
  readonly paces: Paces;
  /** What the source of samples compares with at its next look; JSON of its own. */
  readonly memory: string;
}

export const NOTHING_SAVED: SavedState = { alerts: new Map(), paces: {}, memory: '{}' };

export interface StepChange extends SavedState {
  readonly notifications: readonly Notification[];
  readonly ended: readonly EndedAlert[];
}

export interface OutboxRow {
  readonly notification: Notification;
  /** Failed ones so far. */
  readonly attempts: number;
}

/** What became of an attempt. */
export type Settled =
  | { readonly state: 'delivered' }
  | { readonly state: 'waiting'; readonly nextMs: number }
  | { readonly state: 'failed'; readonly reason: string };

/** A message as the API shows it. */
export interface Delivery {
  readonly alertId: string;
  readonly notifier: string;
  readonly state: Settled['state'];
  readonly atMs: number;
}

export interface HistoryRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly service: string | undefined;
  readonly limit: number;
}

export interface AlertJournal {
  load(): SavedState;
  /** All of it or nothing; on the disk when it returns. */
  commit(change: StepChange): void;
  /** Messages that may be sent now, `limit` of each notifier: the fewest attempts first, then the oldest. */
  due(nowMs: number, limit: number): readonly OutboxRow[];
  settle(key: string, settled: Settled, nowMs: number): void;
  /** Of messages that wait. */
  waitingKeys(): ReadonlySet<string>;
  /** By notifier, when its next message may be sent. */
  nextDueMs(): ReadonlyMap<string, number>;
  deliveries(): readonly Delivery[];
  /** Of all services without one. */
  history(range: HistoryRange): readonly EndedAlert[];
  silences(nowMs: number): readonly Silence[];
  addSilence(silence: Silence): void;
  /** False when there is none of that id. */
  removeSilence(id: string): boolean;
  close(): void;
}
