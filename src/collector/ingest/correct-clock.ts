/**
 * Puts a batch on this machine's clock. The sender says when, by its own clock, it sent the request, so
 * the difference is its clock's error and a part of a second of transfer; the time that a batch waited
 * in a spool is in neither. Pure.
 */
import type { Batch } from '../../transport/batch.js';

/**
 * Errors are corrected in whole minutes, so that windows stay aligned to the clock, and transfer (a
 * request has 30 s) is not taken for one.
 */
const STEP_MS = 60_000;

export interface ClockError {
  /** This machine's clock less the sender's. */
  readonly skewMs: number;
  /** What is to be added to the sender's times. */
  readonly correctionMs: number;
}

/**
 * @param sentMs what the request says; undefined for senders that do not: then only what cannot be is
 *   corrected, a batch that was closed after it came
 */
export function clockErrorOf(
  batch: Batch,
  sentMs: number | undefined,
  receivedMs: number,
): ClockError {
  const skewMs = receivedMs - (sentMs ?? batch.closedMs);
  const certainMs = sentMs === undefined ? Math.min(0, skewMs) : skewMs;
  // Without -0, which is another value to some.
  return { skewMs, correctionMs: Math.round(certainMs / STEP_MS) * STEP_MS + 0 };
}

export function correctClock(batch: Batch, correctionMs: number): Batch {
  if (correctionMs === 0) return batch;
  const corrected = (timeMs: number): number => Math.max(0, timeMs + correctionMs);
  return {
    ...batch,
    startMs: corrected(batch.startMs),
    closedMs: corrected(batch.closedMs),
    events: batch.events.map((event) => ({ ...event, timeMs: corrected(event.timeMs) })),
  };
}
