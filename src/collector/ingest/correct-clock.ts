/**
 * Puts a batch on this machine's clock. The sender says when, by its own clock, it sent the request, so
 * the difference is its clock's error and a part of a second of transfer; the time that a batch waited
 * in a spool is in neither. Pure.
 *
 * It is the error at the sending, taken for that of the window. A clock that was set while the batch
 * waited had another one then, which nothing here tells: the batch lies wrong by as much as the clock was
 * set. Where it was set back behind the window's end, the request and the batch contradict each other,
 * and the request is not believed.
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
 * @param sentMs what the request says; undefined for senders that do not. Of those, and of a batch that
 *   was sent before it was closed, because the clock was set back between, only what cannot be is
 *   corrected: a batch that was closed after it came
 */
export function clockErrorOf(
  { closedMs }: Batch,
  sentMs: number | undefined,
  receivedMs: number,
): ClockError {
  const isTold = sentMs !== undefined && sentMs + STEP_MS / 2 >= closedMs;
  const certainMs = isTold ? receivedMs - sentMs : Math.min(0, receivedMs - closedMs);
  // Without -0, which is another value to some.
  const correctionMs = Math.round(certainMs / STEP_MS) * STEP_MS + 0;
  return { skewMs: receivedMs - (sentMs ?? closedMs), correctionMs };
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
