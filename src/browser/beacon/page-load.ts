/** The navigation itself: how it began, what its server said, and how long the page took to load. */
import type { BeaconView, NavigationType } from '../../shared/beacon-view.js';
import { quietly } from './quietly.js';

export type PageEntry = PerformanceNavigationTiming & { readonly activationStart?: number };

export function pageEntry(): PageEntry | undefined {
  return performance.getEntriesByType('navigation')[0] as PageEntry | undefined;
}

export function navigationTypeOf(entry: PageEntry | undefined): NavigationType {
  if (entry?.activationStart) return 'prerender';
  if ((document as { wasDiscarded?: boolean }).wasDiscarded) return 'restore';
  const type = entry?.type.replace('_', '-') ?? 'navigate';
  return type === 'reload' || type === 'back-forward' ? type : 'navigate';
}

/** Of a page that loads out of sight nothing is told: browsers take their time with it. */
export function watchLoad(view: BeaconView): void {
  const entry = pageEntry();
  if (entry === undefined || document.visibilityState === 'hidden') return;
  const tell = (): void => {
    const { loadEventEnd, activationStart = 0 } = entry;
    if (loadEventEnd > 0)
      view.vitals.load = Math.max(0, Math.round(loadEventEnd - activationStart));
  };
  whenLoaded(tell);
}

/** Once all of the page is there, and its entry says when that was: after the event is over. */
export function whenLoaded(call: () => void): void {
  const later = (): void => void setTimeout(quietly(call));
  if (document.readyState === 'complete') later();
  else addEventListener('load', later);
}
