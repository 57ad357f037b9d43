/** When what is shown is asked for again: a beat, which stops while paused or hidden. */
import { effect, signal } from '@preact/signals';

export const isPaused = signal(false);
export const isHidden = signal(document.hidden);

/** A window of the agents. */
const BEAT_MS = 10_000;

/** Calls `onBeat` now and then, and at once when the page goes on. */
export function startRefresh(onBeat: () => void): void {
  document.addEventListener('visibilitychange', () => {
    isHidden.value = document.hidden;
  });
  let hasStopped = false;
  effect(() => {
    if (isPaused.value || isHidden.value) {
      hasStopped = true;
      return undefined;
    }
    if (hasStopped) onBeat();
    const timer = setInterval(onBeat, BEAT_MS);
    return () => clearInterval(timer);
  });
}
