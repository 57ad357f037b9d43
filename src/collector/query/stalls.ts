/**
 * What blocked the event loops of a time range, by place in the code: from the agents' events. One block
 * is told of in several events while it goes on, and counts once, by the last of them. Pure.
 */
import {
  CODE_FILE,
  CODE_FUNCTION,
  CODE_LINE,
  CODE_STACK,
  STALL_APPROXIMATE,
  STALL_COUNT,
  STALL_DURATION,
  STALL_DURATION_MAX,
  STALL_GC_DURATION,
  STALL_ID,
  STALL_STATE,
} from '../../shared/stall-event.js';
import type { StoredEvent } from './events.js';

/** Durations in seconds. */
export interface StallPlace {
  readonly service: string;
  /** Null where the blocks were counted and not looked into. */
  readonly function: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly count: number;
  readonly sum: number;
  readonly max: number;
  /** Of the sum, what went to garbage collection. */
  readonly gc: number;
  readonly lastSeenMs: number;
  /** Blocks whose end was not told yet. */
  readonly ongoing: number;
  /** Blocks in native calls: the place is where they were heard of again. */
  readonly approximate: number;
  /** Of the longest block, or null. */
  readonly stack: string | null;
}

/** Places of `events`, the largest sum first. */
export function stallPlaces(events: readonly StoredEvent[], limit: number): StallPlace[] {
  const places = new Map<string, StallPlace>();
  for (const event of newestReports(events)) {
    const place = placeOf(event);
    const key = JSON.stringify([place.service, place.file, place.line, place.function]);
    const known = places.get(key);
    places.set(key, known === undefined ? place : added(known, place));
  }
  return [...places.values()].sort((a, b) => b.sum - a.sum).slice(0, limit);
}

/** Of each block the report that is the last; what has no id is no report of another's. */
function* newestReports(events: readonly StoredEvent[]): Generator<StoredEvent> {
  const byBlock = new Map<string, StoredEvent>();
  for (const event of events) {
    const id = event.attributes[STALL_ID];
    if (id === undefined) {
      yield event;
      continue;
    }
    const key = JSON.stringify([event.agent, event.boot, id]);
    const known = byBlock.get(key);
    if (known === undefined || isNewer(event, known)) byBlock.set(key, event);
  }
  yield* byBlock.values();
}

/** The end is what was measured; what was told before it is the time so far. */
function isNewer(event: StoredEvent, known: StoredEvent): boolean {
  const isOver = isEnded(event);
  if (isOver !== isEnded(known)) return isOver;
  return numberOf(event, STALL_DURATION) > numberOf(known, STALL_DURATION);
}

function isEnded({ attributes }: StoredEvent): boolean {
  return attributes[STALL_STATE] === 'ended';
}

function placeOf(event: StoredEvent): StallPlace {
  const { service, timeMs, attributes } = event;
  const sum = numberOf(event, STALL_DURATION);
  const file = attributes[CODE_FILE];
  return {
    service,
    function: attributes[CODE_FUNCTION] ?? null,
    file: file ?? null,
    line: file === undefined ? null : numberOf(event, CODE_LINE),
    count: Math.max(1, numberOf(event, STALL_COUNT)),
    sum,
    max: attributes[STALL_DURATION_MAX] === undefined ? sum : numberOf(event, STALL_DURATION_MAX),
    gc: numberOf(event, STALL_GC_DURATION),
    lastSeenMs: timeMs,
    ongoing: attributes[STALL_STATE] === 'ongoing' ? 1 : 0,
    approximate: attributes[STALL_APPROXIMATE] === 'true' ? 1 : 0,
    stack: attributes[CODE_STACK] ?? null,
  };
}

function added(a: StallPlace, b: StallPlace): StallPlace {
  return {
    ...a,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    max: Math.max(a.max, b.max),
    gc: a.gc + b.gc,
    lastSeenMs: Math.max(a.lastSeenMs, b.lastSeenMs),
    ongoing: a.ongoing + b.ongoing,
    approximate: a.approximate + b.approximate,
    stack: (b.max > a.max ? b.stack : a.stack) ?? b.stack,
  };
}

/** What a sender wrote there, or 0: nothing that is no number may spoil a sum. */
function numberOf({ attributes }: StoredEvent, name: string): number {
  const value = Number(attributes[name]);
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
}
