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
  /**
   * What came after the item of that id, oldest first, as far as it is remembered; all of it for who has none, or one
   * of another run, for nothing of this run was told there.
   */
  since(id: string | undefined): readonly LiveItem[];
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
      const [of, text = ''] = id?.split('-') ?? [];
      if (of !== epoch || !/^\d{1,15}$/.test(text)) return recent;
      return recent.filter((item) => item.number > Number(text));
    },
    close() {
      for (const listener of [...listeners]) listener.onEnd();
      listeners.clear();
    },
  };
}
