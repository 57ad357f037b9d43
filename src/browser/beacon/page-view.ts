/** One page view while it is filled: the view of src/shared/beacon-view.ts, and how its lists stay bounded. */
import { BEACON_VERSION, type BeaconView, type NavigationType } from '../../shared/beacon-view.js';
import { pathTemplate } from '../../shared/path-template.js';

/** What a server says of the request that it answered. */
export interface ServerWord {
  readonly trace: string;
  readonly route: string;
}

export function newView(type: NavigationType, path: string, word?: ServerWord): BeaconView {
  return {
    version: BEACON_VERSION,
    type,
    isMore: false,
    path: pathTemplate(path),
    trace: '',
    route: '',
    ...word,
    ...visitor(),
    vitals: {},
    targets: {},
    ...nothingYet(),
  };
}

/** What comes after a view was told. */
export function moreOf({ type, path, trace, route, device, connection }: BeaconView): BeaconView {
  const known = { type, path, trace, route, device, connection };
  const base = { version: BEACON_VERSION, isMore: true, vitals: {}, targets: {} } as const;
  return { ...base, ...known, ...nothingYet() };
}

/** Whether there is anything to tell. */
export function hasContent(view: BeaconView): boolean {
  const lists = [view.frames, view.paces, view.calls, view.interactions, view.resources];
  return !view.isMore || view.errors > 0 || lists.some((list) => list.length > 0);
}

function nothingYet() {
  return {
    frames: [],
    scripts: [],
    paces: [],
    calls: [],
    interactions: [],
    quickInteractions: 0,
    resources: [],
    errors: 0,
    omitted: 0,
  };
}

/** Keeps the `max` greatest: of many frames the longest are looked for. What is left out is counted. */
export function addBounded<T>(
  view: BeaconView,
  list: T[],
  max: number,
  value: NoInfer<T>,
  sizeOf: (value: T) => number,
): void {
  list.push(value);
  if (list.length <= max) return;
  let least = 0;
  list.forEach((one, i) => {
    if (sizeOf(one) < sizeOf(list[least]!)) least = i;
  });
  list.splice(least, 1);
  view.omitted += 1;
}

interface Hints {
  readonly connection?: { readonly effectiveType?: BeaconView['connection'] };
}

function visitor(): Pick<BeaconView, 'device' | 'connection'> {
  const isTouched = matchMedia('(pointer: coarse)').matches;
  const isSmall = Math.min(screen.width, screen.height) < 600;
  const connection = (navigator as Hints).connection?.effectiveType ?? 'unknown';
  return { device: isTouched ? (isSmall ? 'mobile' : 'tablet') : 'desktop', connection };
}
