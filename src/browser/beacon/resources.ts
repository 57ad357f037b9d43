/** Files that the page loaded, by type: how many, how large, from the cache or not, compressed or not. */
import type { BeaconView, ResourceSum, ResourceType } from '../../shared/beacon-view.js';
import type { Observers } from './observers.js';
import { pageEntry, whenLoaded } from './page-load.js';
import type { Views } from './views.js';

const BY_INITIATOR: Readonly<Record<string, ResourceType>> = {
  script: 'script',
  img: 'image',
  image: 'image',
  audio: 'media',
  video: 'media',
  fetch: 'ajax',
  xmlhttprequest: 'ajax',
  beacon: 'ajax',
  navigation: 'document',
};
const BY_EXTENSION: readonly (readonly [ResourceType, RegExp])[] = [
  ['stylesheet', /\.css$/],
  ['script', /\.m?js$/],
  ['font', /\.(?:woff2?|ttf|otf)$/],
  ['image', /\.(?:png|jpe?g|gif|webp|avif|svg|ico)$/],
];

/** @param isOurs tells what the beacon itself asked for */
export function watchResources(
  views: Views,
  observers: Observers,
  isOurs: (url: string) => boolean,
): void {
  const page = pageEntry();
  if (page !== undefined) {
    const { current } = views;
    // Its body is whole only when it is loaded.
    whenLoaded(() => addResource(current, page));
  }
  observers.observe<PerformanceResourceTiming>('resource', (entry) => {
    if (!isOurs(entry.name)) addResource(views.current, entry);
  });
}

/** The sums of a type in a view. */
export function sumsOf(view: BeaconView, type: ResourceType): ResourceSum {
  let sums = view.resources.find((row) => row[0] === type);
  if (sums === undefined) {
    sums = [type, 0, 0, 0, 0, 0, 0, 0];
    view.resources.push(sums);
  }
  return sums;
}

function addResource(view: BeaconView, entry: PerformanceResourceTiming): void {
  const { transferSize, encodedBodySize, decodedBodySize } = entry;
  const sums = sumsOf(view, typeOf(entry));
  sums[1] += 1;
  sums[2] += transferSize;
  sums[3] += decodedBodySize;
  if (transferSize + encodedBodySize === 0) return;
  sums[4] += 1;
  // From the cache without a word, or with a word that it is still right: the head without its body.
  if (transferSize < encodedBodySize || transferSize === 0) sums[5] += 1;
  if (decodedBodySize > encodedBodySize && encodedBodySize > 0) sums[6] += 1;
}

function typeOf({ initiatorType, name }: PerformanceResourceTiming): ResourceType {
  const known = BY_INITIATOR[initiatorType];
  if (known !== undefined) return known;
  const { pathname } = new URL(name, location.href);
  const byName = BY_EXTENSION.find(([, pattern]) => pattern.test(pathname));
  return byName?.[0] ?? (initiatorType === 'css' ? 'image' : 'other');
}
