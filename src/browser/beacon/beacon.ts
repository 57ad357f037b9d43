/**
 * The beacon: the one script of a page, `<script async src="…/tachograph.js" data-key="…">`. Tells the
 * collector how a page view was for whoever had it, once. No cookie, no storage, no identifier of a
 * person, no text of the page; nothing of ours ever throws into the page. docs/guides/frontend.md
 */
import { watchCalls } from './calls.js';
import { watchErrors } from './errors.js';
import { watchFramePace } from './frame-pace.js';
import { watchImages } from './images.js';
import { watchInteractions } from './interactions.js';
import { watchLongFrames } from './long-frames.js';
import { Observers } from './observers.js';
import { navigationTypeOf, pageEntry, watchLoad } from './page-load.js';
import { quietly } from './quietly.js';
import { watchResources } from './resources.js';
import { serverWordOf } from './server-word.js';
import { readSettings, type Settings } from './settings.js';
import { Views } from './views.js';
import { watchVitals } from './vitals.js';

/** One beacon a page, whoever added it how often. */
const STARTED = Symbol.for('tachograph.beacon');

const start = quietly(({ endpoint }: Settings) => {
  const observers = new Observers();
  const entry = pageEntry();
  let countQuick = (): void => {};
  const complete = (): void => {
    observers.drain();
    countQuick();
  };
  const views = new Views(endpoint, complete, navigationTypeOf(entry), serverWordOf(entry));
  const isOurs = (url: string): boolean => url === endpoint;
  watchVitals(views, observers);
  watchLoad(views.current);
  watchLongFrames(views, observers);
  countQuick = watchInteractions(views, observers);
  watchResources(views, observers, isOurs);
  watchCalls(views, observers, isOurs);
  watchFramePace(views);
  watchImages(views);
  watchErrors(views);
  views.listen();
});

quietly(() => {
  const settings = readSettings(document.currentScript);
  const page = globalThis as { [STARTED]?: true };
  if (settings === undefined || page[STARTED] || Math.random() >= settings.sample) return;
  page[STARTED] = true;
  // A page that is prepared in advance is no view before somebody sees it.
  if ((document as { prerendering?: boolean }).prerendering)
    document.addEventListener('prerenderingchange', () => start(settings), { once: true });
  else start(settings);
})();
