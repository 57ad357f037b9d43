/** Errors that the page's scripts did not catch: their number, and nothing of what they say. */
import type { Views } from './views.js';

export function watchErrors(views: Views): void {
  for (const event of ['error', 'unhandledrejection'] as const) {
    // Without capture: images and scripts that do not load are no errors of scripts.
    addEventListener(event, () => {
      views.current.errors += 1;
    });
  }
}
