/** When what is shown is asked for again: a beat, which stops while paused, hidden, or the time is fixed. */
import { effect, signal } from '@preact/signals';
import { isMoving } from './range.js';

export const isPaused = signal(false);
export const isHidden = signal(document.hidden);

/** A window of the agents. */
const BEAT_MS = 10_000;

/** Calls `onBeat` now and then, and when the page comes back. */
export function startRefresh(onBeat: () => void): void {
  document.addEventListener('visibilitychange', () => {
    isHidden.value = document.hidden;
  });
  effect(() => {
    if (isPaused.value || isHidden.value || !isMoving()) return undefined;
    const timer = setInterval(onBeat, BEAT_MS);
    return () => clearInterval(timer);
  });
}
