/** Budgets of the page in the browser, from what its beacon tells; see budget.ts. */
import {
  BROWSER_AJAX,
  BROWSER_CLS,
  BROWSER_FCP,
  BROWSER_FID,
  BROWSER_FRAME,
  BROWSER_INP,
  BROWSER_INTERACTION,
  BROWSER_LCP,
  BROWSER_LONG_FRAME_SCRIPT,
  BROWSER_LONG_FRAME_STYLE,
  BROWSER_PAGE_LOAD,
  PAGE,
} from './browser-metrics.js';
import { type Budget, budgetsOf, from } from './budget.js';
import type { Metric } from './metric.js';

const frontend = budgetsOf('frontend');
const byPage = (metric: Metric) => from(metric, [PAGE]);

export const FRONTEND_BUDGETS: readonly Budget[] = [
  frontend(
    'page_load_time',
    2000,
    'From the navigation to the end of loading.',
    byPage(BROWSER_PAGE_LOAD),
  ),
  frontend('first_contentful_paint', 1200, 'Until the first text or image.', byPage(BROWSER_FCP)),
  frontend(
    'largest_contentful_paint',
    2500,
    'Until the largest text or image.',
    byPage(BROWSER_LCP),
  ),
  frontend('cumulative_layout_shift', 0.1, 'How far the page shifts.', byPage(BROWSER_CLS), {
    unit: 'number',
  }),
  frontend('first_input_delay', 100, 'From the first input to its handler.', byPage(BROWSER_FID)),
  frontend(
    'interaction_to_next_paint',
    200,
    'From an input to the next frame.',
    byPage(BROWSER_INP),
  ),
  frontend(
    'javascript_execution',
    50,
    'Script time of a long frame.',
    byPage(BROWSER_LONG_FRAME_SCRIPT),
  ),
  frontend(
    'css_render_time',
    30,
    'Style and layout of a long frame.',
    byPage(BROWSER_LONG_FRAME_STYLE),
  ),
  frontend('animation_frame', 16.67, 'One frame at 60 a second.', byPage(BROWSER_FRAME)),
  frontend(
    'ajax_response_time',
    500,
    'A call of the page to the server.',
    from(BROWSER_AJAX, ['http.request.method', 'http.route']),
  ),
  frontend(
    'user_interaction_response',
    100,
    'A user’s action answered.',
    byPage(BROWSER_INTERACTION),
  ),
];
