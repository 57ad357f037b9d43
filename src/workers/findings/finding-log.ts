/**
 * The findings of one window, as events: what units showed, rolled up by kind, route and statement. One is told of
 * once REQUESTS_MIN units have shown it; what cannot wait, at once. Bounded: PAIRS_MAX are remembered over
 * windows, EVENTS_MAX are told in one, those first that waste most; how many that leaves out is told, too. Runs in
 * the agent's worker.
 */
import type { StackFrame } from '../../shared/worker-protocol.js';
import type { Attributes, BatchEvent } from '../../transport/batch.js';
import { type FindingKind, findingEvent } from '../../transport/finding-event.js';
import { findingsOmittedEvent } from '../../transport/findings-omitted-event.js';
import type { Detected } from './detected.js';
import type { QueryPlace, QueryPlaceReader } from './query-place.js';
import type { SuspectUnit } from './query-run.js';

const PAIRS_MAX = 200;
const EVENTS_MAX = 50;
/** Of one kind: on a bad day every query is slow. */
const ALIKE_MAX = 25;
const REQUESTS_MIN = 3;
/** One is enough: each is rare, and worth a look. */
const AT_ONCE: ReadonlySet<FindingKind> = new Set([
  'slow_query',
  'connection_leak',
  'lock_wait',
  'deadlock',
]);
/** A transaction that is idle as long is told of at once; shorter gaps may be those of a process that had no processor. */
const IDLE_US_LONG = 1_000_000;
/** One request is enough of what lies in the statement; at a start, a table may be read whole once. */
const AT_ONCE_IN_UNITS: FindingKind = 'unbounded_read';
/** Units with it that are looked at while its place is asked for: then it is let go. */
const ASKED_MAX = 50;
/** Answers of other routes since it was last shown: its own does not come any more, and each query is looked at meanwhile. */
const ANSWERS_OF_OTHERS_MAX = 20;
/** How a unit ended tells no routes apart. */
const OUTCOMES: ReadonlySet<string> = new Set(['http.response.status_class', 'error.type']);

interface Tally {
  requests: number;
  calls: number;
  totalUs: number;
  wastedUs: number;
  rows: number;
}

interface Entry extends Tally {
  readonly attributes: Readonly<Record<string, string>>;
  /** The last one. */
  detected: Detected;
  traceId: string | undefined;
  /** Units that were looked at, in all windows. */
  seen: number;
  place: QueryPlace | undefined;
  asked: number;
  /** Places of its statement that other routes told since it was last shown. */
  answersOfOthers: number;
  lastMs: number;
}

/** Where a statement was made, as the thread told it. */
export interface MadePlace {
  /** Of the thread; undefined of what is no statement. */
  readonly series: number | undefined;
  readonly system: string;
  readonly text: string;
  readonly frames: readonly StackFrame[];
}

/** Asks a thread for the place of a call, or with 0 no more: see ring-reader.ts. */
export type Want = (threadId: number, series: number, call: number) => void;

export class FindingLog {
  readonly #places: QueryPlaceReader;
  readonly #want: Want;
  readonly #entries = new Map<string, Entry>();
  /** In this window. */
  #forgotten = 0;

  constructor(places: QueryPlaceReader, want: Want) {
    this.#places = places;
    this.#want = want;
  }

  /** What a unit of a thread shows, and the places that came with it. */
  add(
    threadId: number,
    unit: SuspectUnit,
    found: readonly Detected[],
    places: readonly MadePlace[],
  ): void {
    const attributes = namesOf(unit.attributes);
    for (const detected of found) this.#count(attributes, unit, detected);
    for (const place of places) this.#take(attributes, place);
    for (const { kind, system, query, wanted } of found) {
      const entry = this.#entries.get(keyOf(attributes, kind, system, query));
      if (wanted === undefined || entry === undefined || !isKnown(entry)) continue;
      entry.asked += 1;
      if (isOpen(entry)) this.#want(threadId, wanted.series, wanted.call);
      else if (!this.#isWanted(system, query)) this.#want(threadId, wanted.series, 0);
    }
    for (const { series, system, text } of places) {
      if (series === undefined || this.#isWanted(system, text)) continue;
      this.#want(threadId, series, 0);
    }
  }

  /** Some route's finding about a statement still lacks its place. */
  #isWanted(system: string, query: string): boolean {
    return [...this.#entries.values()].some(
      (entry) =>
        isOpen(entry) && entry.detected.system === system && entry.detected.query === query,
    );
  }

  get events(): readonly BatchEvent[] {
    const known = [...this.#entries.values()].filter(
      (entry) => entry.requests > 0 && isKnown(entry),
    );
    const told = chosen(known);
    const events = told.map((entry) => this.#eventOf(entry));
    const omitted = { untold: known.length - told.length, forgotten: this.#forgotten };
    if (omitted.untold + omitted.forgotten === 0) return events;
    // What is forgotten is the oldest, so the newest is here, told or not.
    const newestMs = Math.max(...[...this.#entries.values()].map(({ lastMs }) => lastMs));
    return [...events, findingsOmittedEvent(omitted, newestMs)];
  }

  /** Begins a new window. What is not told yet goes on being counted. */
  reset(): void {
    for (const entry of this.#entries.values()) if (isKnown(entry)) Object.assign(entry, EMPTY);
    this.#forgotten = 0;
  }

  #count(
    attributes: Readonly<Record<string, string>>,
    { timeMs, weight, traceId }: SuspectUnit,
    detected: Detected,
  ): void {
    const { kind, system, query, calls, totalUs, wastedUs, rows } = detected;
    const key = keyOf(attributes, kind, system, query);
    const entry = this.#entries.get(key) ?? this.#begin(key, attributes, detected);
    entry.detected = detected;
    entry.seen += 1;
    entry.answersOfOthers = 0;
    entry.lastMs = timeMs;
    entry.traceId = traceId ?? entry.traceId;
    entry.requests += weight;
    entry.calls += calls * weight;
    entry.totalUs += totalUs * weight;
    entry.wastedUs += wastedUs * weight;
    entry.rows += rows * weight;
  }

  /** The one that was seen least recently makes room. */
  #begin(key: string, attributes: Readonly<Record<string, string>>, detected: Detected): Entry {
    if (this.#entries.size >= PAIRS_MAX) {
      const [oldest] = [...this.#entries].reduce((a, b) => (b[1].lastMs < a[1].lastMs ? b : a));
      if (this.#entries.get(oldest)!.requests > 0) this.#forgotten += 1;
      this.#entries.delete(oldest);
    }
    const entry: Entry = {
      ...EMPTY,
      attributes,
      detected,
      traceId: undefined,
      seen: 0,
      place: undefined,
      asked: 0,
      answersOfOthers: 0,
      lastMs: 0,
    };
    this.#entries.set(key, entry);
    return entry;
  }

  /** Of every finding of the unit's route that is about the statement of the place. */
  #take(attributes: Readonly<Record<string, string>>, made: MadePlace): void {
    const place = this.#places.read(made.frames, made.text);
    if (place === undefined) return;
    const route = JSON.stringify(attributes);
    for (const entry of this.#entries.values()) {
      const { system, query } = entry.detected;
      if (system !== made.system || query !== made.text) continue;
      if (JSON.stringify(entry.attributes) === route) entry.place ??= place;
      else entry.answersOfOthers += 1;
    }
  }

  #eventOf(entry: Entry): BatchEvent {
    const { attributes, detected, place, traceId, lastMs } = entry;
    const { kind, system, query, parentQuery, errorType, confidence } = detected;
    const { requests, calls, totalUs, wastedUs, rows } = entry;
    return findingEvent(
      {
        ...{ kind, attributes, system, query, parentQuery, errorType, confidence, traceId },
        ...{ requests, calls, totalUs, wastedUs, rows },
        place: place && this.#places.shown(place),
        orm: place?.orm,
      },
      Math.round(lastMs),
    );
  }
}

const EMPTY: Tally = { requests: 0, calls: 0, totalUs: 0, wastedUs: 0, rows: 0 };

function isKnown({ seen, detected: { kind, wastedUs }, attributes }: Entry): boolean {
  if (seen >= REQUESTS_MIN || AT_ONCE.has(kind)) return true;
  if (kind === 'idle_transaction') return wastedUs >= IDLE_US_LONG;
  return kind === AT_ONCE_IN_UNITS && Object.keys(attributes).length > 0;
}

/** Those that waste most, and few of a kind. */
function chosen(entries: readonly Entry[]): Entry[] {
  const counts = new Map<FindingKind, number>();
  const isFew = ({ detected: { kind } }: Entry): boolean => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count <= ALIKE_MAX;
  };
  return [...entries]
    .sort((a, b) => b.wastedUs - a.wastedUs)
    .filter(isFew)
    .slice(0, EVENTS_MAX);
}

/** Its place is asked for. */
function isOpen(entry: Entry): boolean {
  const { place, asked, answersOfOthers } = entry;
  if (place !== undefined || asked >= ASKED_MAX) return false;
  return isKnown(entry) && answersOfOthers < ANSWERS_OF_OTHERS_MAX;
}

function namesOf(attributes: Attributes): Readonly<Record<string, string>> {
  return Object.fromEntries(attributes.filter(([name]) => !OUTCOMES.has(name)));
}

function keyOf(attributes: object, kind: string, system: string, query: string): string {
  return JSON.stringify([attributes, kind, system, query]);
}
