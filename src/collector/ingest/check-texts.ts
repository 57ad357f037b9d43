/**
 * What a batch's texts come to once they are written out. On the wire a text stands once and is pointed
 * at; in the store it stands in each series that has it. So a body of 1 MiB could become gigabytes, and
 * every bound here is on the texts as often as they are written. Characters are counted as they came: of
 * those that JSON escapes (quotation marks, controls, lone surrogates) the store holds up to six times as many.
 */
import type { Attributes, Batch, Series } from '../../transport/batch.js';
import { badBatch } from './bad-batch.js';

/** No text of an agent is longer: it cuts values of a series at 256, and sends a trace in pieces. */
const TEXT_LENGTH_MAX = 1024;
const ATTRIBUTES_MAX = 64;
/** A series is a row for as long as its file is kept: room for eight texts of the greatest length. */
const SERIES_LENGTH_MAX = 8 * TEXT_LENGTH_MAX;
/** As many as a batch may have bytes: 20,000 series, an agent's most, of 400 characters. */
const WRITTEN_LENGTH_MAX = 8 * 1024 * 1024;
const EVENTS_MAX = 1000;
/** An agent has about 15 reasons to drop. */
const REASONS_MAX = 64;

/** @throws {HttpError} 400 */
export function checkTexts(batch: Batch): void {
  let written = checkAttributes(batch.resource, 'resource');
  if (batch.events.length > EVENTS_MAX) {
    throw badBatch('events', `at most ${EVENTS_MAX}`, String(batch.events.length));
  }
  const write = (length: number): void => {
    written += length;
    if (written <= WRITTEN_LENGTH_MAX) return;
    throw badBatch('texts', `at most ${WRITTEN_LENGTH_MAX} characters written out`, 'more');
  };
  batch.events.forEach((event, i) => {
    write(checkText(event.name, `events[${i}].name`));
    write(checkAttributes(event.attributes, `events[${i}].attributes`));
  });
  const seen = new Set<Series>();
  for (const { series } of [...batch.histograms, ...batch.counters, ...batch.gauges]) {
    // Each series is one point of a window. Without this, points would multiply what one series costs.
    if (seen.has(series)) throw badBatch('points', 'one for each series', 'two for one');
    seen.add(series);
    write(checkSeries(series));
  }
  checkReasons(Object.keys(batch.ledger.dropped));
}

function checkSeries({ name, unit, attributes }: Series): number {
  const length =
    checkText(name, 'series.name') +
    checkText(unit, 'series.unit') +
    checkAttributes(attributes, 'series.attributes');
  if (length <= SERIES_LENGTH_MAX) return length;
  throw badBatch('series', `at most ${SERIES_LENGTH_MAX} characters in all`, String(length));
}

function checkReasons(reasons: readonly string[]): void {
  if (reasons.length > REASONS_MAX) {
    throw badBatch('ledger.dropped', `at most ${REASONS_MAX} reasons`, String(reasons.length));
  }
  for (const reason of reasons) checkText(reason, 'ledger.dropped');
}

/** @returns how many characters they are */
function checkAttributes(attributes: Attributes, path: string): number {
  if (attributes.length > ATTRIBUTES_MAX) {
    throw badBatch(path, `at most ${ATTRIBUTES_MAX} attributes`, String(attributes.length));
  }
  let length = 0;
  for (const [name, value] of attributes) length += checkText(name, path) + checkText(value, path);
  const names = new Set(attributes.map(([name]) => name));
  if (names.size !== attributes.length) throw badBatch(path, 'each name once', 'one name twice');
  return length;
}

function checkText(text: string, path: string): number {
  if (text.length <= TEXT_LENGTH_MAX) return text.length;
  throw badBatch(path, `at most ${TEXT_LENGTH_MAX} characters`, String(text.length));
}
