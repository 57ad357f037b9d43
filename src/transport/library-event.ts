/** What instrumentation met in an application, as events: written by the worker, read by the collector. */
import type { BatchEvent } from './batch.js';

/** A library that is instrumented. */
export const LIBRARY_EVENT = 'tachograph.library';
/** Something that the application talks to, and no library that is instrumented. */
export const UNCOVERED_EVENT = 'tachograph.uncovered';

const OWN = 'tachograph.library.';
const FIELDS = ['library', 'version', 'adapter', 'tier', 'probe', 'tested', 'verdict'] as const;
const UNCOVERED_FIELDS = ['system', 'port', 'reason'] as const;

export type LibraryFields = Readonly<Record<(typeof FIELDS)[number], string>>;
export type UncoveredFields = Readonly<Record<(typeof UNCOVERED_FIELDS)[number], string>>;

const TEXT_LENGTH_MAX = 200;

export function libraryEvent(fields: LibraryFields, timeMs: number): BatchEvent {
  return event(LIBRARY_EVENT, fields, timeMs);
}

export function uncoveredEvent(fields: UncoveredFields, timeMs: number): BatchEvent {
  return event(UNCOVERED_EVENT, fields, timeMs);
}

export function readLibrary(attributes: Readonly<Record<string, string>>): LibraryFields {
  return read(FIELDS, attributes) as LibraryFields;
}

export function readUncovered(attributes: Readonly<Record<string, string>>): UncoveredFields {
  return read(UNCOVERED_FIELDS, attributes) as UncoveredFields;
}

function event(name: string, fields: Readonly<Record<string, string>>, timeMs: number): BatchEvent {
  const attributes = Object.entries(fields)
    .map(([key, value]): [string, string] => [OWN + key, value.slice(0, TEXT_LENGTH_MAX)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { timeMs, name, attributes };
}

function read(
  names: readonly string[],
  attributes: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, attributes[OWN + name] ?? '']));
}
