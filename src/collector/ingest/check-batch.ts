/**
 * What a decoded batch must hold to be stored: its headers, its time, its sizes and its histograms.
 * The schema itself is checked by src/transport/decode-batch.ts.
 */
import type { Attributes, Batch, BatchIdentity } from '../../transport/batch.js';
import { decodeHdrPayload } from '../../transport/decode-hdr-payload.js';
import { HttpError } from '../http/http-error.js';

const DAY_MS = 86_400_000;
const FUTURE_MS_MAX = DAY_MS;
/** No window is longer; a batch belongs to one day's file. */
const DURATION_MS_MAX = DAY_MS;
/** Agents cut texts at this length. */
const TEXT_LENGTH_MAX = 1024;
const ATTRIBUTES_MAX = 64;
const EVENTS_MAX = 1000;
/** Three digits over the whole range of whole numbers; agents use two. */
const DIGITS_MAX = 3;

/** @throws {HttpError} 400 when the batch contradicts itself, 422 when its time cannot be stored. */
export function checkBatch(
  batch: Batch,
  headers: BatchIdentity,
  nowMs: number,
  oldestMs: number,
): void {
  checkIdentity(batch.identity, headers);
  checkTime(batch, nowMs, oldestMs);
  checkAttributes(batch.resource, 'resource');
  if (batch.events.length > EVENTS_MAX) {
    throw bad('events', `at most ${EVENTS_MAX}`, String(batch.events.length));
  }
  batch.events.forEach((event, i) => {
    checkText(event.name, `events[${i}].name`);
    checkAttributes(event.attributes, `events[${i}].attributes`);
  });
  for (const { series } of [...batch.histograms, ...batch.counters, ...batch.gauges]) {
    checkText(series.name, 'series.name');
    checkText(series.unit, 'series.unit');
    checkAttributes(series.attributes, 'series.attributes');
  }
  batch.histograms.forEach((point, i) => {
    checkHistogram(point, `histograms[${i}]`);
  });
}

function checkIdentity(identity: BatchIdentity, headers: BatchIdentity): void {
  for (const name of ['agent', 'boot', 'sequence'] as const) {
    if (identity[name] === headers[name]) continue;
    throw bad(`identity.${name}`, `what the header tachograph-${name} says`, 'another value');
  }
}

function checkTime(batch: Batch, nowMs: number, oldestMs: number): void {
  const { startMs, durationMs, closedMs } = batch;
  if (durationMs > DURATION_MS_MAX) {
    throw bad('window.duration', `at most ${DURATION_MS_MAX} ms`, String(durationMs));
  }
  const newestMs = Math.max(startMs, closedMs, ...batch.events.map(({ timeMs }) => timeMs));
  if (newestMs > nowMs + FUTURE_MS_MAX) {
    const hours = Math.round((newestMs - nowMs) / 3_600_000);
    throw new HttpError(
      422,
      'in_the_future',
      `expected times up to a day ahead of this collector's clock, got ${hours} h. ` +
        'Set the clock of one of the two machines.',
    );
  }
  if (startMs < oldestMs) {
    throw new HttpError(
      422,
      'too_old',
      `expected a window since ${new Date(oldestMs).toISOString()}, got an older one: ` +
        'past that a batch sent twice could not be told.',
    );
  }
}

function checkAttributes(attributes: Attributes, path: string): void {
  if (attributes.length > ATTRIBUTES_MAX) {
    throw bad(path, `at most ${ATTRIBUTES_MAX} attributes`, String(attributes.length));
  }
  for (const [name, value] of attributes) {
    checkText(name, path);
    checkText(value, path);
  }
  const names = new Set(attributes.map(([name]) => name));
  if (names.size !== attributes.length) throw bad(path, 'each name once', 'one name twice');
}

function checkText(text: string, path: string): void {
  if (text.length <= TEXT_LENGTH_MAX) return;
  throw bad(path, `at most ${TEXT_LENGTH_MAX} characters`, String(text.length));
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
    throw bad(`${path}.payload`, `at most ${DIGITS_MAX} significant digits`, String(digits));
  }
  if (total !== point.count) {
    throw bad(`${path}.payload`, `${point.count} values as count says`, String(total));
  }
  if (point.count > 0 && point.min > point.max) {
    throw bad(`${path}.min`, `at most the maximum ${point.max}`, String(point.min));
  }
}

function bad(path: string, expected: string, came: string): HttpError {
  return new HttpError(400, 'bad_batch', `batch ${path}: expected ${expected}, got ${came}`);
}
