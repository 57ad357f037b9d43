/**
 * What a decoded batch must hold to be stored: its headers, its time, its texts (`check-texts.ts`) and
 * its histograms. The schema itself is checked by src/transport/decode-batch.ts.
 */
import type { Batch, BatchIdentity } from '../../transport/batch.js';
import { decodeHdrPayload } from '../../transport/decode-hdr-payload.js';
import { headerText, ID_LENGTH_MAX } from '../../transport/header-text.js';
import { HttpError } from '../http/http-error.js';
import { badBatch } from './bad-batch.js';
import { checkTexts } from './check-texts.js';

const DAY_MS = 86_400_000;
const FUTURE_MS_MAX = DAY_MS;
/** No window is longer; a batch belongs to one day's file. */
const DURATION_MS_MAX = DAY_MS;
/** Three digits over the whole range of whole numbers; agents use two. */
const DIGITS_MAX = 3;

/**
 * A batch whose clock is corrected.
 * @throws {HttpError} 400 when the batch contradicts itself, 422 when its time cannot be stored.
 */
export function checkBatch(
  batch: Batch,
  headers: BatchIdentity,
  nowMs: number,
  oldestMs: number,
): void {
  checkIdentity(batch.identity, headers);
  checkTime(batch, nowMs, oldestMs);
  checkTexts(batch);
  checkKinds(batch);
  batch.histograms.forEach((point, i) => {
    checkHistogram(point, `histograms[${i}]`);
  });
}

function checkIdentity(identity: BatchIdentity, headers: BatchIdentity): void {
  for (const name of ['agent', 'boot', 'sequence'] as const) {
    // A header holds less than a body: what it cannot hold is replaced there, and compared as it is there.
    const [own, said] = [String(identity[name]), String(headers[name])].map(headerText);
    if (own === said) continue;
    throw badBatch(`identity.${name}`, `what the header tachograph-${name} says`, 'another value');
  }
  for (const name of ['agent', 'boot'] as const) {
    const { length } = identity[name];
    if (length <= ID_LENGTH_MAX) continue;
    throw badBatch(`identity.${name}`, `at most ${ID_LENGTH_MAX} characters`, String(length));
  }
}

/**
 * By the sender's own times: an error of a day and more is none that a correction should hide.
 * @param sentMs the sender's clock when it sent the batch, if it says so: one that is so far ahead now
 *   may have been right when the window was closed, and which it was cannot be told
 * @throws {HttpError} 422
 */
export function checkNotAhead(
  { startMs, closedMs, events }: Batch,
  nowMs: number,
  sentMs: number = 0,
): void {
  let newestMs = Math.max(startMs, closedMs, sentMs);
  for (const { timeMs } of events) newestMs = Math.max(newestMs, timeMs);
  if (newestMs <= nowMs + FUTURE_MS_MAX) return;
  const hours = Math.round((newestMs - nowMs) / 3_600_000);
  throw new HttpError(
    422,
    'in_the_future',
    `expected times up to a day ahead of this collector's clock, got ${hours} h. ` +
      'Set the clock of one of the two machines.',
  );
}

function checkTime(batch: Batch, nowMs: number, oldestMs: number): void {
  const { startMs, durationMs } = batch;
  if (durationMs > DURATION_MS_MAX) {
    throw badBatch('window.duration', `at most ${DURATION_MS_MAX} ms`, String(durationMs));
  }
  checkNotAhead(batch, nowMs);
  if (startMs < oldestMs) {
    throw new HttpError(
      422,
      'too_old',
      `expected a window since ${new Date(oldestMs).toISOString()}, got an older one: ` +
        'past that a batch sent twice could not be told.',
    );
  }
}

/** A point of another kind than its series would be read as what it is not. */
function checkKinds({ histograms, counters, gauges }: Batch): void {
  for (const [kind, points] of [
    ['histogram', histograms],
    ['counter', counters],
    ['gauge', gauges],
  ] as const) {
    const at = points.findIndex(({ series }) => series.kind !== kind);
    if (at < 0) continue;
    throw badBatch(`${kind}s[${at}]`, `a series of kind ${kind}`, points[at]!.series.kind);
  }
}

function checkHistogram(point: Batch['histograms'][number], path: string): void {
  let total: number;
  let digits: number;
  try {
    const decoded = decodeHdrPayload(point.payload);
    total = decoded.total;
    digits = decoded.layout.digits;
  } catch (error) {
    throw new HttpError(400, 'bad_histogram', `${path}.payload: ${(error as Error).message}`);
  }
  if (digits > DIGITS_MAX) {
    throw badBatch(`${path}.payload`, `at most ${DIGITS_MAX} significant digits`, String(digits));
  }
  if (total !== point.count) {
    throw badBatch(`${path}.payload`, `${point.count} values as count says`, String(total));
  }
  if (point.count > 0 && point.min > point.max) {
    throw badBatch(`${path}.min`, `at most the maximum ${point.max}`, String(point.min));
  }
}
