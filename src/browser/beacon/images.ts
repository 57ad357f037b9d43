/** Images that have many more pixels than their place on the screen: looked at once, when the page rests. */
import { whenLoaded } from './page-load.js';
import { quietly } from './quietly.js';
import { sumsOf } from './resources.js';
import type { Views } from './views.js';

/** Of pixels: some more are of use to who zooms in. */
const EXCESS_MAX = 2;
/** Icons are not worth it. */
const PIXELS_MIN = 10_000;
const IMAGES_MAX = 200;
const REST_MS = 500;

export function watchImages(views: Views): void {
  const view = views.current;
  const look = quietly(() => {
    const oversized = [...document.images].slice(0, IMAGES_MAX).filter(isOversized).length;
    if (oversized > 0) sumsOf(view, 'image')[7] += oversized;
  });
  const whenAtRest = (): void => {
    if (typeof requestIdleCallback === 'function') requestIdleCallback(look);
    else look();
  };
  whenLoaded(() => setTimeout(whenAtRest, REST_MS));
}

function isOversized(image: HTMLImageElement): boolean {
  // Not shown, drawn by its vector, or not loaded: nothing to compare.
  const shown = image.clientWidth * image.clientHeight * devicePixelRatio ** 2;
  const own = image.naturalWidth * image.naturalHeight;
  if (shown === 0 || own < PIXELS_MIN || /\.svg(?:$|\?)/.test(image.currentSrc)) return false;
  return own > EXCESS_MAX * shown;
}
