/**
 * How even frames are in the second after an interaction: the only time at which this asks for frames of
 * its own, because asking keeps the page busy. SAMPLES_MAX times a view at most.
 */
import { BEACON_PACES_MAX, type BeaconView } from '../../shared/beacon-view.js';
import { addBounded } from './page-view.js';
import { quietly } from './quietly.js';
import type { Views } from './views.js';

const SAMPLE_MS = 1000;
const SAMPLES_MAX = 10;
/** Times of frames are told in steps of so much: of two that are 16.67 apart, one pair in three reads 16.7. */
const GRAIN_MS = 0.1;

export function watchFramePace(views: Views): void {
  let samples = 0;
  let sampled: BeaconView | undefined;
  let isSampling = false;

  const sample = quietly(() => {
    const view = views.current;
    if (view !== sampled) samples = 0;
    sampled = view;
    if (isSampling || samples >= SAMPLES_MAX) return;
    samples += 1;
    isSampling = true;
    let begin = 0;
    let last = 0;
    const step = quietly((time: number) => {
      if (last > 0 && time > last) addPace(view, time - last);
      begin ||= time;
      last = time;
      if (time - begin < SAMPLE_MS && view === views.current) requestAnimationFrame(step);
      else isSampling = false;
    });
    requestAnimationFrame(step);
  });
  for (const event of ['pointerdown', 'keydown'] as const) {
    addEventListener(event, sample, { capture: true, passive: true });
  }
}

function addPace(view: BeaconView, ms: number): void {
  const duration = Math.round((ms - GRAIN_MS) * 10) / 10;
  const same = view.paces.find((pace) => pace[1] === duration);
  if (same !== undefined && same[0] < BEACON_PACES_MAX) same[0] += 1;
  else addBounded(view, view.paces, BEACON_PACES_MAX, [1, duration], ([count]) => count);
}
