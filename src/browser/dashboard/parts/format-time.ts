/** Times as people read them, in the reader's own zone. Pure but for that. */
import { NONE } from './format-value.js';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_MS = 86_400_000;
/** Dates reach so far. */
const TIME_MS_MAX = 8.64e15;

function isTime(timeMs: number | null | undefined): timeMs is number {
  return typeof timeMs === 'number' && Math.abs(timeMs) < TIME_MS_MAX;
}

export function formatClock(timeMs: number | null | undefined): string {
  return isTime(timeMs) ? clock.format(timeMs) : NONE;
}

/** Day and time. */
export function formatTime(timeMs: number | null | undefined): string {
  return isTime(timeMs) ? `${day.format(timeMs)} ${clock.format(timeMs)}` : NONE;
}

/** For an axis of so much time. */
export function formatTick(timeMs: number, rangeMs: number): string {
  return rangeMs > 2 * DAY_MS ? day.format(timeMs) : minutes.format(timeMs);
}
