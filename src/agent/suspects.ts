/**
 * Which units the agent's worker looks into for what can be mended in their queries: those that repeat one,
 * make very many, or are marked as notable. Bounded by token buckets, for one example is as good as a thousand:
 * one for each kind of unit, so that a busy route leaves room for a rare one, and one for all. What is not sent is
 * counted and goes with the next of its series; the count is forgotten when another series of its kind is not sent
 * either, so that weights add up to no more than there were. Every unit with a few queries passes here: hot path.
 */
import { isKnown, NO_QUERY, valuesWord } from '../shared/query-values.js';
import { SPAN_WORDS, type Suspect } from '../shared/worker-protocol.js';
import { nowMs, wallTimeMs } from './clock.js';
import { NO_SPANS, WORDS_MAX } from './span-list.js';
import type { TraceIds, Unit } from './unit.js';

/** Calls of one statement, and of one with the same values, that make a unit suspect. */
const REPEATS_MIN = 5;
const SAME_MIN = 3;
const QUERIES_MANY = 20;
/** By the end of the series' id. */
const KINDS = 64;
const OF_KIND_AT_ONCE = 3;
const SENT_PER_SECOND = 10;
const SENT_AT_ONCE = 20;

/** Of the unit that is looked at; and how often what a byte stands for was called in it. */
const words = new Int32Array(WORDS_MAX);
const statements = new Uint8Array(256);
const calls = new Uint8Array(256);

export class Suspects {
  readonly #send: (suspect: Suspect) => void;
  readonly #ofKind = new Float64Array(KINDS).fill(OF_KIND_AT_ONCE);
  readonly #skipped = new Float64Array(KINDS);
  /** Whose count that is. */
  readonly #skippedSeries = new Int32Array(KINDS);
  #tokens = SENT_AT_ONCE;
  #refilledMs = 0;

  constructor(send: (suspect: Suspect) => void) {
    this.#send = send;
  }

  /** `unit` is closed and still has its spans; `traceIds` when its trace was kept. */
  look(unit: Unit, series: number, durationUs: number, traceIds: TraceIds | undefined): void {
    if (unit.queries < SAME_MIN && !unit.isNotable) return;
    const length = unit.spans?.read(words) ?? 0;
    const isSuspect =
      unit.isNotable ||
      unit.places !== undefined ||
      unit.queries > QUERIES_MANY ||
      isRepeating(length);
    if (!isSuspect) return;
    const kind = series & (KINDS - 1);
    // Nobody asks twice for a place.
    if (unit.places === undefined && !this.#takeToken(kind)) {
      this.#skipped[kind] = this.#takeSkipped(kind, series) + 1;
      this.#skippedSeries[kind] = series;
      return;
    }
    const weight = 1 + this.#takeSkipped(kind, series);
    this.#send({
      series,
      timeMs: wallTimeMs(unit.startMs),
      durationUs,
      queries: unit.queries,
      weight,
      traceId: traceIds?.traceId,
      spans: length === 0 ? NO_SPANS : words.slice(0, length),
      places: unit.places ?? [],
    });
  }

  /** A slow query that no unit made; its places come by themselves. */
  lookAtQuery(series: number, startMs: number, endMs: number, rows: number): void {
    if (!this.#takeToken(series & (KINDS - 1))) return;
    const durationUs = Math.round((endMs - startMs) * 1000);
    // Of its values nothing is known, for nobody counted on it.
    const spans = new Int32Array([series, 0, durationUs, rows, valuesWord(0, 0)]);
    this.#send({ ...LONE, timeMs: wallTimeMs(startMs), durationUs, spans });
  }

  /** Where a query is made that no unit makes. */
  tellPlace(place: Suspect['places'][number]): void {
    this.#send({ ...LONE, timeMs: wallTimeMs(nowMs()), places: [place] });
  }

  #takeSkipped(kind: number, series: number): number {
    if (this.#skippedSeries[kind] !== series) return 0;
    const count = this.#skipped[kind]!;
    this.#skipped[kind] = 0;
    return count;
  }

  #takeToken(kind: number): boolean {
    const atMs = nowMs();
    const gained = (atMs - this.#refilledMs) / 1000;
    this.#refilledMs = atMs;
    this.#tokens = Math.min(SENT_AT_ONCE, this.#tokens + gained * SENT_PER_SECOND);
    for (let i = 0; i < KINDS; i++) {
      this.#ofKind[i] = Math.min(OF_KIND_AT_ONCE, this.#ofKind[i]! + gained);
    }
    if (this.#tokens < 1 || this.#ofKind[kind]! < 1) return false;
    this.#tokens -= 1;
    this.#ofKind[kind] = this.#ofKind[kind]! - 1;
    return true;
  }
}

const LONE: Suspect = {
  series: undefined,
  timeMs: 0,
  durationUs: 0,
  queries: 0,
  weight: 1,
  traceId: undefined,
  spans: NO_SPANS,
  places: [],
};

/** By bytes that several statements may share: the worker looks closer. */
function isRepeating(length: number): boolean {
  statements.fill(0);
  calls.fill(0);
  for (let at = 0; at < length; at += SPAN_WORDS) {
    const values = words[at + 4]!;
    if (values === NO_QUERY) continue;
    const series = words[at]!;
    const statement = series & 0xff;
    statements[statement] = statements[statement]! + 1;
    if (statements[statement]! >= REPEATS_MIN) return true;
    if (!isKnown(values)) continue;
    const call = Math.imul(Math.imul(series, 31) ^ values, 0x9e3779b1) >>> 24;
    calls[call] = calls[call]! + 1;
    if (calls[call]! >= SAME_MIN) return true;
  }
  return false;
}
