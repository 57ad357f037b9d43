/**
 * Kept traces as they arrive, for whoever listens. Owned by the collector's main thread. Bounded: the
 * RECENT_MAX newest are remembered for those who come back, LISTENERS_MAX listen, and one that does not
 * keep up is given the newest when it can (see ./live-stream.ts).
 */
import type { Batch } from '../../transport/batch.js';
import { type LiveRequest, liveRequests } from './live-event.js';

const RECENT_MAX = 500;
export const LISTENERS_MAX = 64;

export interface LiveItem {
  /** Of this collector's run: `epoch-number`. */
  readonly id: string;
  readonly number: number;
  readonly request: LiveRequest;
}

export interface LiveListener {
  onItem(item: LiveItem): void;
  /** The collector ends. */
  onEnd(): void;
}

export interface LiveBus {
  /** Takes a batch that was committed. Throws nothing. */
  publish(batch: Batch): void;
  /** Undefined when as many listen as may; else how to stop. */
  listen(listener: LiveListener): (() => void) | undefined;
  /** What came after the item of that id, as far as it is remembered; nothing for an id of another run. */
  since(id: string): readonly LiveItem[];
  /** All that are remembered, oldest first. */
  recent(): readonly LiveItem[];
  close(): void;
}

export function createLiveBus({ epoch }: { readonly epoch: string }): LiveBus {
  const listeners = new Set<LiveListener>();
  let recent: LiveItem[] = [];
  let last = 0;

  return {
    publish(batch) {
      const items = liveRequests(batch).map((request): LiveItem => {
        last += 1;
        return { id: `${epoch}-${last}`, number: last, request };
      });
      if (items.length === 0) return;
      recent = [...recent, ...items].slice(-RECENT_MAX);
      for (const listener of listeners) for (const item of items) listener.onItem(item);
    },
    listen(listener) {
      if (listeners.size >= LISTENERS_MAX) return undefined;
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    since(id) {
      const [of, text] = id.split('-');
      const number = /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined;
      if (of !== epoch || number === undefined) return [];
      return recent.filter((item) => item.number > number);
    },
    recent: () => recent,
    close() {
      for (const listener of [...listeners]) listener.onEnd();
      listeners.clear();
    },
  };
}
