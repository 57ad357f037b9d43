/**
 * Long animation frames: of each its length, the time of its scripts, and of style and layout, forced by
 * scripts or at its end; and the calls into scripts, by file and function. https://w3c.github.io/long-animation-frames/
 */
import { BEACON_FRAMES_MAX, BEACON_SCRIPTS_MAX } from '../../shared/beacon-view.js';
import type { Observers } from './observers.js';
import { addBounded } from './page-view.js';
import type { Views } from './views.js';

export function watchLongFrames(views: Views, observers: Observers): void {
  observers.observe<PerformanceLongAnimationFrameTiming>('long-animation-frame', (entry) => {
    const view = views.current;
    const end = entry.startTime + entry.duration;
    let scripts = 0;
    let style = entry.styleAndLayoutStart > 0 ? end - entry.styleAndLayoutStart : 0;
    for (const script of entry.scripts) {
      const forced = script.forcedStyleAndLayoutDuration;
      scripts += script.duration - forced;
      style += forced;
      const name = script.sourceFunctionName || script.invokerType;
      addBounded(
        view,
        view.scripts,
        BEACON_SCRIPTS_MAX,
        [placeOf(script.sourceURL), name, Math.round(script.duration)],
        ([, , duration]) => duration,
      );
    }
    addBounded(
      view,
      view.frames,
      BEACON_FRAMES_MAX,
      [Math.round(entry.duration), Math.round(scripts), Math.round(style)],
      ([duration]) => duration,
    );
  });
}

/** The path of one's own site, with the host of another; of a script within a page just that it is. */
function placeOf(source: string): string {
  if (!URL.canParse(source)) return '';
  const { origin, host, pathname } = new URL(source);
  if (origin !== location.origin) return host + pathname;
  return /\.\w+$/.test(pathname) ? pathname : '(inline)';
}
