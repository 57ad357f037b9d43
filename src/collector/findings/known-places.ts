/**
 * The line of code of a statement, as far as findings have told it: of the same route where there is one, else of any of
 * the service. Reads EVENTS_MAX findings around a time.
 */
import { FINDING_EVENT, type Finding, readFinding } from '../../transport/finding-event.js';
import type { StoredEvent } from '../query/events.js';
import type { ViewSource } from '../views/view-request.js';
import type { CodeLine } from './findings.js';

const EVENTS_MAX = 2000;
/** Code changes; a line of last week may be another's by now. */
const AROUND_MS = 86_400_000;

export interface KnownPlace {
  readonly code: CodeLine;
  readonly service: string;
  /** Of the unit in which the statement was made there. */
  readonly attributes: Finding['attributes'];
}

/** A place with the statement that was made there. */
interface Told extends KnownPlace {
  readonly query: string;
}

/** `text` may be the beginning of a statement, as a trace has it. */
export type FindPlace = (
  service: string | undefined,
  text: string,
  attributes?: Readonly<Record<string, string>>,
) => KnownPlace | undefined;

export async function knownPlaces(
  { store }: ViewSource,
  service: string | undefined,
  atMs: number,
): Promise<FindPlace> {
  const events = await store.events({
    service,
    fromMs: atMs - AROUND_MS,
    toMs: atMs + AROUND_MS,
    name: FINDING_EVENT,
    limit: EVENTS_MAX,
  });
  return placesIn(events);
}

/** `events`: newest first, and the newest is taken. */
function placesIn(events: readonly StoredEvent[]): FindPlace {
  const places: readonly Told[] = events.flatMap(({ service, attributes }) => {
    const finding = readFinding(attributes);
    // What runs ORM code names one line for many statements; a pool is no statement.
    if (finding?.place === undefined || finding.system === '') return [];
    const { place: code, query } = finding;
    return [{ service, query, code, attributes: finding.attributes }];
  });
  return (service, text, attributes = {}) => {
    const own = places.filter((place) => service === undefined || place.service === service);
    const exact = own.filter(({ query }) => query === text);
    const fits = exact.length > 0 ? exact : beginningWith(text, own);
    return fits.find((place) => isOfUnit(place.attributes, attributes)) ?? fits[0];
  };
}

/** Of a statement a trace keeps the first characters. */
export const TRACE_TEXT_LENGTH = 200;

/** Statements that only end otherwise may stand anywhere in the code: none, unless all name one line. */
function beginningWith(text: string, places: readonly Told[]): Told[] {
  if (text.length !== TRACE_TEXT_LENGTH) return [];
  const fits = places.filter(({ query }) => query.startsWith(text));
  const lines = new Set(fits.map(({ code: { file, line } }) => `${file}:${line}`));
  return lines.size === 1 ? fits : [];
}

function isOfUnit(
  own: Readonly<Record<string, string>>,
  unit: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(own).every(([name, value]) => unit[name] === value);
}
