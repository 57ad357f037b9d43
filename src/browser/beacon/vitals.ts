/**
 * Web vitals by Google's library, into the view that each is about: a vital of the page before may come
 * after a soft navigation. First input delay left the library, and comes from its entry. Every change is
 * taken, because a page may end without another word.
 */
import { type MetricType, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import type { BeaconView } from '../../shared/beacon-view.js';
import type { Observers } from './observers.js';
import { quietly } from './quietly.js';
import { targetOf } from './target.js';
import type { Views } from './views.js';

const OPTIONS = { reportAllChanges: true, reportSoftNavs: true };
/** Views that vitals may still come for. */
const VIEWS_MAX = 5;

export function watchVitals(views: Views, observers: Observers): void {
  const first = views.current;
  const later = new Map<string, BeaconView>();

  const viewOf = (metric: MetricType): BeaconView => {
    const { navigationType: type, navigationId, navigationStartTime, navigationURL } = metric;
    const isSoft = type === 'soft-navigation';
    if (!isSoft && type !== 'back-forward-cache') return first;
    const key = `${type} ${isSoft ? navigationId : navigationStartTime}`;
    let view = later.get(key);
    if (view === undefined) {
      const { pathname } = isSoft ? new URL(navigationURL!, location.href) : location;
      view = views.begin(type, pathname);
      later.set(key, view);
      if (later.size > VIEWS_MAX) later.delete([...later.keys()][0]!);
    }
    return view;
  };

  const report = quietly((metric: MetricType) => {
    const view = viewOf(metric);
    const { name, value } = metric;
    // There was no request: it is 0 by definition.
    if (name === 'TTFB' && view !== first) return;
    view.vitals[name] = rounded(value);
    const target = targetOf(metric);
    if (target) view.targets[name] = target;
  });

  onTTFB(report, OPTIONS);
  onFCP(report, OPTIONS);
  onLCP(report, OPTIONS);
  onCLS(report, OPTIONS);
  onINP(report, OPTIONS);
  observers.observe<PerformanceEventTiming>('first-input', (entry) => {
    first.vitals.FID = rounded(entry.processingStart - entry.startTime);
  });
}

/** Finer than any of them is measured. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
