/** Budgets of the page in the browser; see budget.ts. */
import { type Budget, budgetsOf } from './budget.js';

const frontend = budgetsOf('frontend');
const NEEDS_BEACON = 'needs the beacon of the browser, which this version does not have';

export const FRONTEND_BUDGETS: readonly Budget[] = [
  frontend('page_load_time', 2000, 'From the navigation to the end of loading.', NEEDS_BEACON),
  frontend('first_contentful_paint', 1200, 'Until the first text or image.', NEEDS_BEACON),
  frontend('largest_contentful_paint', 2500, 'Until the largest text or image.', NEEDS_BEACON),
  frontend('cumulative_layout_shift', 0.1, 'How far the page shifts.', NEEDS_BEACON, {
    unit: 'number',
  }),
  frontend('first_input_delay', 100, 'From the first input to its handler.', NEEDS_BEACON),
  frontend('interaction_to_next_paint', 200, 'From an input to the next frame.', NEEDS_BEACON),
  frontend('javascript_execution', 50, 'Script time of a long frame.', NEEDS_BEACON),
  frontend('css_render_time', 30, 'Style and layout of a long frame.', NEEDS_BEACON),
  frontend('animation_frame', 16.67, 'One frame at 60 a second.', NEEDS_BEACON),
  frontend('ajax_response_time', 500, 'A call of the page to the server.', NEEDS_BEACON),
  frontend('user_interaction_response', 100, 'A user’s action answered.', NEEDS_BEACON),
];
