/**
 * One page view into the values of its metrics. Pure but for what it adds to; names are bounded by
 * `BeaconNames`. `routeOf` gives the route of a trace that the store knows.
 */
import type { BeaconView } from '../../shared/beacon-view.js';
import {
  BROWSER_AJAX,
  BROWSER_ERRORS,
  BROWSER_FRAME,
  BROWSER_INTERACTION,
  BROWSER_LONG_FRAME,
  BROWSER_LONG_FRAME_SCRIPT,
  BROWSER_LONG_FRAME_STYLE,
  BROWSER_NAVIGATIONS,
  BROWSER_PAGE_VIEWS,
  BROWSER_RESOURCE_DECODED,
  BROWSER_RESOURCE_TRANSFERRED,
  BROWSER_RESOURCES,
  BROWSER_RESOURCES_CACHED,
  BROWSER_RESOURCES_COMPRESSED,
  BROWSER_RESOURCES_DISCLOSED,
  BROWSER_RESOURCES_OVERSIZED,
  BROWSER_SCRIPT,
} from '../../shared/browser-metrics.js';
import { OTHER } from '../../shared/metric.js';
import { VITAL_LIMITS } from '../../shared/vital-limits.js';
import type { BeaconNames } from './beacon-names.js';
import type { BeaconPoints } from './beacon-points.js';

export type RouteOf = (trace: string) => string;

/** Of what takes up to 16 ms. */
const QUICK_SECONDS = 0.008;
/** In the order of a row of the view, past its type. */
const RESOURCE_SUMS = [
  BROWSER_RESOURCES,
  BROWSER_RESOURCE_TRANSFERRED,
  BROWSER_RESOURCE_DECODED,
  BROWSER_RESOURCES_DISCLOSED,
  BROWSER_RESOURCES_CACHED,
  BROWSER_RESOURCES_COMPRESSED,
  BROWSER_RESOURCES_OVERSIZED,
] as const;

/** @returns what the page is called */
export function foldView(
  view: BeaconView,
  points: BeaconPoints,
  names: BeaconNames,
  routeOf: RouteOf,
): string {
  const page = names.page(view.path, routeOf(view.trace) || view.route);
  const { device, connection } = view;
  const visit = names.admits('visit', JSON.stringify([page, device, connection]))
    ? [page, device, connection]
    : [OTHER, device, connection];
  if (!view.isMore) {
    points.add(BROWSER_PAGE_VIEWS, visit, 1);
    points.add(BROWSER_NAVIGATIONS, [view.type], 1);
  }
  for (const { vital, metric } of VITAL_LIMITS) {
    const value = view.vitals[vital];
    if (value !== undefined) points.record(metric, visit, vital === 'CLS' ? value : value / 1000);
  }
  points.add(BROWSER_ERRORS, [page], view.errors);
  foldFrames(view, points, page);
  for (const [type, duration] of view.interactions) {
    points.record(BROWSER_INTERACTION, [page, type], duration / 1000);
  }
  if (view.quickInteractions > 0) {
    points.record(BROWSER_INTERACTION, [page], QUICK_SECONDS, view.quickInteractions);
  }
  for (const [url, name, duration] of view.scripts) {
    const isKnown = names.admits('script', JSON.stringify([url, name]));
    points.record(BROWSER_SCRIPT, isKnown ? [url, name] : [OTHER, OTHER], duration / 1000);
  }
  foldCalls(view, points, names, routeOf);
  for (const [type, ...sums] of view.resources) {
    RESOURCE_SUMS.forEach((metric, i) => {
      points.add(metric, [type], sums[i]!);
    });
  }
  return page;
}

function foldFrames({ frames, paces }: BeaconView, points: BeaconPoints, page: string): void {
  for (const [duration, script, styleAndLayout] of frames) {
    points.record(BROWSER_LONG_FRAME, [page], duration / 1000);
    points.record(BROWSER_LONG_FRAME_SCRIPT, [page], script / 1000);
    points.record(BROWSER_LONG_FRAME_STYLE, [page], styleAndLayout / 1000);
  }
  for (const [count, duration] of paces) {
    points.record(BROWSER_FRAME, [page], duration / 1000, count);
  }
}

function foldCalls(
  { calls }: BeaconView,
  points: BeaconPoints,
  names: BeaconNames,
  routeOf: RouteOf,
): void {
  for (const [method, path, status, duration, trace, told] of calls) {
    const route = routeOf(trace) || told || path;
    const statusClass = status >= 100 ? `${Math.floor(status / 100)}xx` : '';
    // Of another site, whose paths do not begin with a slash, nothing may be told of its answer.
    const error = status === 0 && path.startsWith('/') ? 'no_response' : '';
    const labels = [method, route, statusClass, error];
    const isKnown = names.admits('call', JSON.stringify(labels));
    points.record(
      BROWSER_AJAX,
      isKnown ? labels : [OTHER, OTHER, statusClass, error],
      duration / 1000,
    );
  }
}
