/**
 * The journal of alerts in one small file: of an agent's worker, which has no database. Everything is in memory, and
 * the file is written anew with each change, whole or not at all; where it cannot be written, alerts go on
 * without, and an end of the process forgets them. Bounded by WAITING_MAX, SETTLED_MAX and BYTES_MAX. It keeps no
 * history and no silences: those are a collector's.
 */
import { readSmallFile } from '../shared/small-file.js';
import { writeWhole } from '../shared/write-whole.js';
import type { Alerts } from './engine.js';
import {
  type AlertJournal,
  NOTHING_SAVED,
  type OutboxRow,
  type SavedState,
  type Settled,
  type StepChange,
} from './journal.js';
import { joinedDigest, type Notification } from './notification.js';

const WAITING_MAX = 200;
/** How many messages that were settled are remembered, for those that follow them. */
const SETTLED_MAX = 500;
/** Of the file's 1 MiB that can be read back, with some to spare. */
const BYTES_MAX = 900_000;
const VERSION = 1;

interface Waiting {
  notification: Notification;
  attempts: number;
  nextMs: number;
}

interface Contents {
  readonly version: number;
  readonly state: { readonly alerts: readonly [string, never][] } & Omit<SavedState, 'alerts'>;
  readonly waiting: readonly Waiting[];
  readonly failed: readonly string[];
}

export class FileJournal implements AlertJournal {
  readonly #path: () => string | undefined;
  #state: SavedState = NOTHING_SAVED;
  #waiting = new Map<string, Waiting>();
  /** Keys, the oldest first. */
  #failed = new Set<string>();

  /** @param path asked at each write, for its owner may move the file; undefined where there is none */
  constructor(path: () => string | undefined) {
    this.#path = path;
    const kept = readKept(path());
    if (kept === undefined) return;
    this.#state = kept.state;
    this.#waiting = kept.waiting;
    this.#failed = kept.failed;
  }

  /**
   * What another process left goes on here: its messages, and its alerts that are not known here.
   * @returns those alerts
   */
  join(path: string): Alerts {
    const kept = readKept(path);
    if (kept === undefined) return new Map();
    for (const [key, row] of kept.waiting) if (!this.#waiting.has(key)) this.#waiting.set(key, row);
    for (const key of kept.failed) this.#failed.add(key);
    while (this.#waiting.size > WAITING_MAX) this.#fail(this.#waiting.keys().next().value!);
    const left = [...kept.state.alerts].filter(([key]) => !this.#state.alerts.has(key));
    this.#state = { ...this.#state, alerts: new Map([...this.#state.alerts, ...left]) };
    this.#write();
    return new Map(left);
  }

  load(): SavedState {
    return this.#state;
  }

  commit({ alerts, paces, memory, notifications }: StepChange): void {
    this.#state = { alerts, paces, memory };
    for (const notification of notifications) this.#insert(notification);
    this.#write();
  }

  #insert(notification: Notification): void {
    const { key, kind, afterKey, orAfterKey = afterKey, dueMs } = notification;
    const isLost = (before: string | null): boolean => before !== null && this.#failed.has(before);
    if (isLost(afterKey) && isLost(orAfterKey)) return;
    const known = this.#waiting.get(key);
    if (known === undefined) this.#waiting.set(key, { notification, attempts: 0, nextMs: dueMs });
    else if (kind === 'digest') known.notification = joinedDigest(known.notification, notification);
    if (this.#waiting.size <= WAITING_MAX) return;
    const [oldest] = this.#waiting.keys();
    this.#fail(oldest!);
  }

  due(nowMs: number, limit: number): OutboxRow[] {
    const taken = new Map<string, number>();
    return [...this.#waiting.values()]
      .filter((row) => row.nextMs <= nowMs && this.#isNext(row))
      .sort((a, b) => a.attempts - b.attempts)
      .filter(({ notification: { notifier } }) => {
        const count = (taken.get(notifier) ?? 0) + 1;
        taken.set(notifier, count);
        return count <= limit;
      })
      .map(({ notification, attempts }) => ({ notification, attempts }));
  }

  #isNext({ notification: { afterKey } }: Waiting): boolean {
    return afterKey === null || !this.#waiting.has(afterKey);
  }

  settle(key: string, settled: Settled): void {
    const row = this.#waiting.get(key);
    if (row === undefined) return;
    if (settled.state === 'waiting') {
      row.attempts += 1;
      row.nextMs = settled.nextMs;
    } else if (settled.state === 'delivered') this.#waiting.delete(key);
    else this.#fail(key);
    this.#write();
  }

  /** With what follows it. */
  #fail(key: string): void {
    this.#waiting.delete(key);
    this.#failed.add(key);
    for (const [other, { notification }] of this.#waiting) {
      if (notification.afterKey === key) this.#fail(other);
    }
    for (const oldest of this.#failed) {
      if (this.#failed.size <= SETTLED_MAX) break;
      this.#failed.delete(oldest);
    }
  }

  waitingKeys(): ReadonlySet<string> {
    return new Set(this.#waiting.keys());
  }

  nextDueMs(): ReadonlyMap<string, number> {
    const times = new Map<string, number>();
    for (const row of this.#waiting.values()) {
      if (!this.#isNext(row)) continue;
      const { notifier } = row.notification;
      times.set(notifier, Math.min(times.get(notifier) ?? Number.POSITIVE_INFINITY, row.nextMs));
    }
    return times;
  }

  deliveries(): [] {
    return [];
  }

  history(): [] {
    return [];
  }

  silences(): [] {
    return [];
  }

  addSilence(): never {
    throw new Error('expected a collector for silences, got an agent');
  }

  removeSilence(): boolean {
    return false;
  }

  close(): void {
    this.#write();
  }

  #write(): void {
    const bytes = this.#fitting();
    const path = this.#path();
    if (path === undefined) return;
    try {
      writeWhole(path, bytes, false);
    } catch {
      // The next change tries again.
    }
  }

  /** What is missed least goes first: what explains alerts, the oldest messages, the latest alerts. */
  #fitting(): Buffer {
    const alerts = [...this.#state.alerts];
    let bytes = this.#bytes(alerts);
    if (bytes.length > BYTES_MAX) bytes = this.#bytes(alerts, withoutContext);
    while (bytes.length > BYTES_MAX && this.#waiting.size + alerts.length > 0) {
      const keys = [...this.#waiting.keys()];
      if (keys.length === 0) alerts.length = Math.floor(alerts.length / 2);
      else for (const key of keys.slice(0, Math.ceil(keys.length / 2))) this.#fail(key);
      bytes = this.#bytes(alerts, withoutContext);
    }
    return bytes;
  }

  #bytes(alerts: readonly unknown[], replacer?: (key: string, value: unknown) => unknown): Buffer {
    const { paces, memory } = this.#state;
    const contents = {
      version: VERSION,
      state: { alerts, paces, memory },
      waiting: [...this.#waiting.values()],
      failed: [...this.#failed],
    };
    return Buffer.from(JSON.stringify(contents, replacer));
  }
}

interface Kept {
  readonly state: SavedState;
  readonly waiting: Map<string, Waiting>;
  readonly failed: Set<string>;
}

/** What cannot be read was never there: the file of another version, or of nobody. */
function readKept(path: string | undefined): Kept | undefined {
  if (path === undefined) return undefined;
  try {
    const { version, state, waiting, failed } = JSON.parse(readSmallFile(path)) as Contents;
    if (version !== VERSION) return undefined;
    const { alerts, paces, memory } = state;
    return {
      state: { alerts: new Map(alerts), paces, memory },
      waiting: new Map(waiting.map((row) => [row.notification.key, row])),
      failed: new Set(failed),
    };
  } catch {
    return undefined;
  }
}

/** An attribute of that name is no list. */
function withoutContext(key: string, value: unknown): unknown {
  return key === 'context' && Array.isArray(value) ? [] : value;
}
