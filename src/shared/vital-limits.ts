/**
 * What makes a vital good, or poor, and which metric holds it. The limits are those of Chrome's field
 * data (https://web.dev/articles/vitals); page load has none there, and takes ours. In milliseconds, but
 * for CLS, which is a plain number. Pure data.
 */
import type { Vital } from './beacon-view.js';
import {
  BROWSER_CLS,
  BROWSER_FCP,
  BROWSER_FID,
  BROWSER_INP,
  BROWSER_LCP,
  BROWSER_PAGE_LOAD,
  BROWSER_TTFB,
} from './browser-metrics.js';
import type { Metric } from './metric.js';

export type Rating = 'good' | 'needs-improvement' | 'poor';

export interface VitalLimits {
  readonly vital: Vital;
  readonly metric: Metric;
  /** Good up to and with the first, poor above the second. */
  readonly goodMax: number;
  readonly poorAbove: number;
  /** Row of the table of budgets; undefined where there is none. */
  readonly budget: string | undefined;
}

/** In the order in which they are shown. */
export const VITAL_LIMITS: readonly VitalLimits[] = [
  limits('LCP', BROWSER_LCP, 2500, 4000, 'largest_contentful_paint'),
  limits('INP', BROWSER_INP, 200, 500, 'interaction_to_next_paint'),
  limits('CLS', BROWSER_CLS, 0.1, 0.25, 'cumulative_layout_shift'),
  limits('FCP', BROWSER_FCP, 1800, 3000, 'first_contentful_paint'),
  limits('TTFB', BROWSER_TTFB, 800, 1800, undefined),
  limits('load', BROWSER_PAGE_LOAD, 2000, 4000, 'page_load_time'),
  limits('FID', BROWSER_FID, 100, 300, 'first_input_delay'),
];

export function ratingOf({ goodMax, poorAbove }: VitalLimits, value: number): Rating {
  if (value > poorAbove) return 'poor';
  return value > goodMax ? 'needs-improvement' : 'good';
}

function limits(
  vital: Vital,
  metric: Metric,
  goodMax: number,
  poorAbove: number,
  budget: string | undefined,
): VitalLimits {
  return { vital, metric, goodMax, poorAbove, budget };
}
