/**
 * The blocks of the event loop that fell into a trace, as attributes of its event: written by the worker,
 * read by the collector. One text of the wire format, so those that do not fit are left out, the shortest
 * first; their time is in the sum all the same.
 */
import { ascii } from './ascii.js';
import type { BatchEvent } from './batch.js';

/** The part of a block that lies within the trace. */
export interface TraceStall {
  /** After the start of the trace. */
  readonly startUs: number;
  readonly durationUs: number;
  /** Where the code was, if it was looked into. */
  readonly place: StallSite | undefined;
}

export interface StallSite {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** In a native call: the place is where it was heard of again. */
  readonly isApproximate: boolean;
}

export interface TraceStalls {
  /** Of all, in µs. */
  readonly sumUs: number;
  readonly stalls: readonly TraceStall[];
}

const STALLS = 'tachograph.trace.stalls';
const STALL_TIME_US = 'tachograph.trace.stall_time_us';
/** Texts of the wire format have at most 1,024. */
const TEXT_LENGTH_MAX = 1000;

/** The event with `stalls`; as it is without any. */
export function withStalls(event: BatchEvent, stalls: readonly TraceStall[]): BatchEvent {
  if (stalls.length === 0) return event;
  const sumUs = stalls.reduce((sum, { durationUs }) => sum + durationUs, 0);
  const added = [
    [STALLS, stallsText(stalls)],
    [STALL_TIME_US, String(sumUs)],
  ] as const;
  const attributes = [...event.attributes, ...added].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...event, attributes };
}

/** `[[start, duration, function, file, line, 1 if approximate], …]`, of those without a place `[start, duration]`. */
function stallsText(stalls: readonly TraceStall[]): string {
  let room = TEXT_LENGTH_MAX - 2;
  const kept: { readonly startUs: number; readonly text: string }[] = [];
  for (const stall of [...stalls].sort((a, b) => b.durationUs - a.durationUs)) {
    const text = textsOf(stall).find(({ length }) => length < room);
    if (text === undefined) continue;
    room -= text.length + 1;
    kept.push({ startUs: stall.startUs, text });
  }
  return `[${kept
    .sort((a, b) => a.startUs - b.startUs)
    .map(({ text }) => text)
    .join()}]`;
}

/** With its place and, should that be too long, without. */
function textsOf({ startUs, durationUs, place }: TraceStall): string[] {
  const times = [startUs, durationUs];
  const bare = JSON.stringify(times);
  if (place === undefined) return [bare];
  const { function: name, file, line, isApproximate } = place;
  const row = [...times, name, file, line, ...(isApproximate ? [1] : [])];
  return [ascii(JSON.stringify(row)), bare];
}

/** None where the texts are not what `withStalls` writes: events come from anybody who may send. */
export function stallsIn(attributes: Readonly<Record<string, string>>): TraceStalls {
  const sumUs = Number(attributes[STALL_TIME_US] ?? 0);
  try {
    const rows = JSON.parse(attributes[STALLS] ?? '[]') as unknown[][];
    const stalls = rows.map(([startUs, durationUs, ...place]) => ({
      startUs: finite(startUs),
      durationUs: finite(durationUs),
      place: siteIn(place),
    }));
    return { sumUs: finite(sumUs), stalls };
  } catch {
    return { sumUs: 0, stalls: [] };
  }
}

function siteIn([name, file, line, about]: readonly unknown[]): StallSite | undefined {
  if (typeof name !== 'string' || typeof file !== 'string') return undefined;
  return { function: name, file, line: finite(line), isApproximate: about === 1 };
}

function finite(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new TypeError('expected a number');
}
