/**
 * Page views with a vital that was not good, as events: which element it was about, and the trace of the
 * request that made the page. Pure. The poorest are told first, EVENTS_MAX a window.
 */
import type { BeaconView } from '../../shared/beacon-view.js';
import { DEVICE, PAGE, VITAL_EVENT } from '../../shared/browser-metrics.js';
import { ratingOf, VITAL_LIMITS } from '../../shared/vital-limits.js';
import type { BatchEvent } from '../../transport/batch.js';

const EVENTS_MAX = 100;

export interface NamedView {
  readonly view: BeaconView;
  readonly page: string;
  /** When it came. */
  readonly timeMs: number;
}

export function vitalEvents(views: readonly NamedView[]): BatchEvent[] {
  return views
    .flatMap(eventsOf)
    .sort((a, b) => b.excess - a.excess)
    .slice(0, EVENTS_MAX)
    .map(({ event }) => event);
}

function eventsOf({ view, page, timeMs }: NamedView): { excess: number; event: BatchEvent }[] {
  return VITAL_LIMITS.flatMap((limits) => {
    const { vital, goodMax } = limits;
    const value = view.vitals[vital];
    const rating = value === undefined ? 'good' : ratingOf(limits, value);
    if (value === undefined || rating === 'good') return [];
    const attributes: [string, string][] = [
      [DEVICE, view.device],
      [PAGE, page],
      ['browser.web_vital.name', vital],
      ['browser.web_vital.rating', rating],
      ['browser.web_vital.target', view.targets[vital] ?? ''],
      ['browser.web_vital.value', String(value)],
      ['trace_id', view.trace],
    ];
    const event = {
      timeMs,
      name: VITAL_EVENT,
      attributes: attributes.filter(([, text]) => text !== ''),
    };
    return [{ excess: value / goodMax, event }];
  });
}
