/**
 * Clicks, taps and keys: of each the longest time from one of its events to the next paint. The browser
 * tells of events of 16 ms and more, in steps of 8; of the others it counts the interactions.
 */
import { BEACON_INTERACTIONS_MAX, type Interaction } from '../../shared/beacon-view.js';
import type { Observers } from './observers.js';
import { addBounded } from './page-view.js';
import type { Views } from './views.js';

/** The events of an interaction come within a few of others. */
const RECENT_MAX = 20;

type EventEntry = PerformanceEventTiming & { readonly interactionId?: number };

/** @returns what counts the quick ones */
export function watchInteractions(views: Views, observers: Observers): () => void {
  const recent = new Map<number, Interaction>();
  const countAll = (): number =>
    (performance as { interactionCount?: number }).interactionCount ?? 0;
  let told = countAll();
  observers.observe<EventEntry>(
    'event',
    ({ interactionId, name, duration }) => {
      if (!interactionId) return;
      const known = recent.get(interactionId);
      if (known !== undefined) {
        known[1] = Math.max(known[1], duration);
        return;
      }
      const view = views.current;
      const row: Interaction = [name.startsWith('key') ? 'keyboard' : 'pointer', duration];
      addBounded(view, view.interactions, BEACON_INTERACTIONS_MAX, row, (one) => one[1]);
      told += 1;
      recent.set(interactionId, row);
      if (recent.size > RECENT_MAX) recent.delete([...recent.keys()][0]!);
    },
    { durationThreshold: 16 },
  );
  return () => {
    const quick = Math.max(0, countAll() - told);
    told += quick;
    const view = views.current;
    view.quickInteractions = Math.min(BEACON_INTERACTIONS_MAX, view.quickInteractions + quick);
  };
}
