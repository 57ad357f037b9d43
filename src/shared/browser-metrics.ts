/**
 * Metrics of pages in real browsers, recorded by the collector from what the beacon sends; see
 * metrics.ts. Anybody who can read a page's source can send a beacon: what these metrics say is
 * evidence, and no reason to wake anyone by itself.
 *
 * `browser.page` is the route of the server that made the page where it is known, else the template of
 * its path: a page and its route are joined by that name.
 */
import { BYTES, COUNT, createFamily, type Metric, RATIO, SECONDS } from './metric.js';

export const PAGE = 'browser.page';
export const DEVICE = 'browser.device';
export const CONNECTION = 'browser.connection';
export const RESOURCE_TYPE = 'browser.resource.type';
export const NAVIGATION_TYPE = 'browser.navigation.type';
export const INTERACTION_TYPE = 'browser.interaction.type';
export const SCRIPT_URL = 'browser.script.url';

const VISIT = [PAGE, DEVICE, CONNECTION] as const;

const { metrics, histogram, counter } = createFamily();

export const BROWSER_METRICS: readonly Metric[] = metrics;

/** Whether a metric, of whatever value, may raise CRITICAL by itself: not what strangers write. */
export function mayRaiseCritical(metric: string): boolean {
  return !metric.startsWith('browser.');
}

// Of a page view
export const BROWSER_PAGE_VIEWS: Metric = counter(
  'browser.page.views',
  COUNT,
  'Page views: navigations, soft navigations, and returns to a page that was kept.',
  VISIT,
);
export const BROWSER_NAVIGATIONS: Metric = counter(
  'browser.navigations',
  COUNT,
  'Page views by how they began: navigate, reload, back-forward, back-forward-cache, prerender, restore, soft-navigation.',
  [NAVIGATION_TYPE],
);
export const BROWSER_PAGE_LOAD: Metric = histogram(
  'browser.page.load',
  SECONDS,
  'From the navigation, or from when a prerendered page was shown, to the end of loading.',
  VISIT,
);
export const BROWSER_FCP: Metric = histogram(
  'browser.first_contentful_paint',
  SECONDS,
  'Until the first text or image.',
  VISIT,
);
export const BROWSER_LCP: Metric = histogram(
  'browser.largest_contentful_paint',
  SECONDS,
  'Until the largest text or image.',
  VISIT,
);
export const BROWSER_CLS: Metric = histogram(
  'browser.cumulative_layout_shift',
  RATIO,
  'How far the page shifts while it is open, in its worst five seconds.',
  VISIT,
);
export const BROWSER_INP: Metric = histogram(
  'browser.interaction_to_next_paint',
  SECONDS,
  'The page view’s slowest interaction, but for one in fifty, until the next frame.',
  VISIT,
);
export const BROWSER_FID: Metric = histogram(
  'browser.first_input_delay',
  SECONDS,
  'From the first input of a page view to its handler.',
  VISIT,
);
export const BROWSER_TTFB: Metric = histogram(
  'browser.time_to_first_byte',
  SECONDS,
  'From the navigation to the first byte of the page.',
  VISIT,
);
export const BROWSER_ERRORS: Metric = counter(
  'browser.errors',
  COUNT,
  'Uncaught errors and unhandled rejections of the page’s scripts.',
  [PAGE],
);

// Of frames and scripts
export const BROWSER_LONG_FRAME: Metric = histogram(
  'browser.long_frame.duration',
  SECONDS,
  'A frame of more than 50 ms, from its first work to the next paint.',
  [PAGE],
);
export const BROWSER_LONG_FRAME_SCRIPT: Metric = histogram(
  'browser.long_frame.script.duration',
  SECONDS,
  'Time of all scripts in one long frame, without the style and layout that they forced.',
  [PAGE],
);
export const BROWSER_LONG_FRAME_STYLE: Metric = histogram(
  'browser.long_frame.style_and_layout.duration',
  SECONDS,
  'Style and layout in one long frame, forced or at its end.',
  [PAGE],
);
export const BROWSER_FRAME: Metric = histogram(
  'browser.frame.duration',
  SECONDS,
  'Time between two frames in the second after an interaction, less the 0.1 ms grain of the browser’s clock.',
  [PAGE],
);
export const BROWSER_SCRIPT: Metric = histogram(
  'browser.script.duration',
  SECONDS,
  'One call into a script in a long frame, of 5 ms and more.',
  [SCRIPT_URL, 'code.function.name'],
);

// Of what the page asks for, and what its user does
export const BROWSER_AJAX: Metric = histogram(
  'browser.ajax.duration',
  SECONDS,
  'One fetch or XMLHttpRequest, to the last byte of its response.',
  ['http.request.method', 'http.route', 'http.response.status_class', 'error.type'],
);
export const BROWSER_INTERACTION: Metric = histogram(
  'browser.interaction.duration',
  SECONDS,
  'One click, tap or key, to the next paint; those of less than 16 ms count as 8.',
  [PAGE, INTERACTION_TYPE],
);
export const BROWSER_RESOURCES: Metric = counter(
  'browser.resources',
  COUNT,
  'Files a page loaded, by type.',
  [RESOURCE_TYPE],
);
export const BROWSER_RESOURCE_TRANSFERRED: Metric = counter(
  'browser.resource.transferred',
  BYTES,
  'Bytes over the network, heads included; none for what other sites do not disclose.',
  [RESOURCE_TYPE],
);
export const BROWSER_RESOURCE_DECODED: Metric = counter(
  'browser.resource.decoded',
  BYTES,
  'Bytes of the bodies once decompressed.',
  [RESOURCE_TYPE],
);
export const BROWSER_RESOURCES_DISCLOSED: Metric = counter(
  'browser.resources.disclosed',
  COUNT,
  'Files whose size the browser tells: all of one’s own site, and those with Timing-Allow-Origin.',
  [RESOURCE_TYPE],
);
export const BROWSER_RESOURCES_CACHED: Metric = counter(
  'browser.resources.cached',
  COUNT,
  'Disclosed files that came from the browser’s cache, or were found unchanged.',
  [RESOURCE_TYPE],
);
export const BROWSER_RESOURCES_COMPRESSED: Metric = counter(
  'browser.resources.compressed',
  COUNT,
  'Disclosed files with a Content-Encoding that made them smaller.',
  [RESOURCE_TYPE],
);
export const BROWSER_RESOURCES_OVERSIZED: Metric = counter(
  'browser.resources.oversized',
  COUNT,
  'Images with more than twice the pixels that their place on the screen has.',
  [RESOURCE_TYPE],
);

/** Event of a vital that was not good, with the element and the trace that it belongs to. */
export const VITAL_EVENT = 'browser.web_vital';
