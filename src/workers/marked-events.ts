/**
 * Events that the application marked in one window: a deployment, the start of an import. At most so
 * many; what comes later in the window is left out. Runs in the agent's worker.
 */
import type { MarkedEvent } from '../shared/worker-protocol.js';
import type { BatchEvent } from '../transport/batch.js';

const EVENTS_MAX = 100;

export const MARK_EVENT = 'tachograph.mark';
/** Attribute with the name that the application gave. */
export const MARK_NAME = 'tachograph.mark.name';

export class MarkedEvents {
  #events: BatchEvent[] = [];

  add({ timeMs, name, attributes }: MarkedEvent): void {
    if (this.#events.length >= EVENTS_MAX) return;
    // A name of ours is not the application's to give.
    const own = attributes.filter(([key]) => !key.startsWith('tachograph.'));
    const all = new Map([...own, [MARK_NAME, name]]);
    this.#events.push({
      timeMs,
      name: MARK_EVENT,
      attributes: [...all].sort(([a], [b]) => (a < b ? -1 : 1)),
    });
  }

  get events(): readonly BatchEvent[] {
    return this.#events;
  }

  reset(): void {
    this.#events = [];
  }
}
