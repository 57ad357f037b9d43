/**
 * The body of a beacon as a view that can be believed to have the right form: every field checked,
 * numbers clamped to what a page can be, texts without what a line cannot hold. Pure. What it says may
 * still be invented: anybody can send it.
 */
import {
  type AjaxCall,
  BEACON_CALLS_MAX,
  BEACON_FRAMES_MAX,
  BEACON_INTERACTIONS_MAX,
  BEACON_PACES_MAX,
  BEACON_SCRIPTS_MAX,
  BEACON_TEXT_LENGTH_MAX,
  BEACON_VERSION,
  type BeaconView,
  CONNECTIONS,
  DEVICES,
  INTERACTION_TYPES,
  NAVIGATION_TYPES,
  RESOURCE_TYPES,
  VITALS,
} from '../../shared/beacon-view.js';
import { HttpError } from '../http/http-error.js';

/** An hour: no page takes longer to load, and no frame to be drawn. */
const DURATION_MS_MAX = 3_600_000;
/** Of layout shift; real ones rarely reach 5. */
const SHIFT_MAX = 100;
const COUNT_MAX = 10_000;
const BYTES_MAX = 2 ** 32;
const STATUS_MAX = 599;
const METHOD = /^[A-Z]{1,20}$/;

type Fields = Readonly<Record<string, unknown>>;

/** @throws {HttpError} 400 */
export function readView(text: string): BeaconView {
  const value = parse(text);
  const version = own(value, 'version');
  if (version !== BEACON_VERSION) throw badBeacon('version', `${BEACON_VERSION}`);
  return {
    version: BEACON_VERSION,
    type: oneOf(value, 'type', NAVIGATION_TYPES),
    isMore: own(value, 'isMore') === true,
    path: textIn(own(value, 'path'), 'path'),
    trace: traceIn(own(value, 'trace'), 'trace'),
    route: textIn(own(value, 'route'), 'route'),
    device: oneOf(value, 'device', DEVICES),
    connection: oneOf(value, 'connection', CONNECTIONS),
    vitals: named(value, 'vitals', (one, path, vital) =>
      numberIn(one, path, vital === 'CLS' ? SHIFT_MAX : DURATION_MS_MAX),
    ),
    targets: named(value, 'targets', textIn),
    frames: rows(value, 'frames', BEACON_FRAMES_MAX, ([a, b, c], path) => [
      numberIn(a, path),
      numberIn(b, path),
      numberIn(c, path),
    ]),
    scripts: rows(value, 'scripts', BEACON_SCRIPTS_MAX, ([url, name, duration], path) => [
      textIn(url, path),
      textIn(name, path),
      numberIn(duration, path),
    ]),
    paces: rows(value, 'paces', BEACON_PACES_MAX, ([count, duration], path) => [
      Math.max(1, wholeIn(count, path, BEACON_PACES_MAX)),
      numberIn(duration, path),
    ]),
    calls: rows(value, 'calls', BEACON_CALLS_MAX, callIn),
    interactions: rows(value, 'interactions', BEACON_INTERACTIONS_MAX, ([type, duration], path) => [
      memberOf(INTERACTION_TYPES, type, path),
      numberIn(duration, path),
    ]),
    resources: rows(value, 'resources', RESOURCE_TYPES.length, ([type, ...sums], path) => [
      memberOf(RESOURCE_TYPES, type, path),
      wholeIn(sums[0], path, COUNT_MAX),
      wholeIn(sums[1], path, BYTES_MAX),
      wholeIn(sums[2], path, BYTES_MAX),
      wholeIn(sums[3], path, COUNT_MAX),
      wholeIn(sums[4], path, COUNT_MAX),
      wholeIn(sums[5], path, COUNT_MAX),
      wholeIn(sums[6], path, COUNT_MAX),
    ]),
    quickInteractions: wholeIn(
      own(value, 'quickInteractions'),
      'quickInteractions',
      BEACON_INTERACTIONS_MAX,
    ),
    errors: wholeIn(own(value, 'errors'), 'errors', COUNT_MAX),
    omitted: wholeIn(own(value, 'omitted'), 'omitted', COUNT_MAX),
  };
}

function parse(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badBeacon('body', 'JSON');
  }
  return fieldsIn(value, 'body');
}

function fieldsIn(value: unknown, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw badBeacon(path, 'an object');
}

/** Never what a prototype has. */
function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function callIn(
  [method, path, status, duration, trace, route]: readonly unknown[],
  at: string,
): AjaxCall {
  return [
    typeof method === 'string' && METHOD.test(method) ? method : '_OTHER',
    textIn(path, at),
    wholeIn(status, at, STATUS_MAX),
    numberIn(duration, at),
    traceIn(trace, at),
    textIn(route, at),
  ];
}

function oneOf<T extends string>(fields: Fields, name: string, values: readonly T[]): T {
  return memberOf(values, own(fields, name), name);
}

function memberOf<T extends string>(values: readonly T[], value: unknown, path: string): T {
  if (values.includes(value as T)) return value as T;
  throw badBeacon(path, `one of ${values.join(', ')}`);
}

/** Vitals by their names; others are not looked at. */
function named<T>(
  fields: Fields,
  name: string,
  read: (value: unknown, path: string, vital: string) => T,
): Partial<Record<(typeof VITALS)[number], T>> {
  const from = fieldsIn(own(fields, name) ?? {}, name);
  const found: Partial<Record<(typeof VITALS)[number], T>> = {};
  for (const vital of VITALS) {
    const value = own(from, vital);
    if (value !== undefined) found[vital] = read(value, `${name}.${vital}`, vital);
  }
  return found;
}

function rows<T>(
  fields: Fields,
  name: string,
  rowsMax: number,
  read: (row: readonly unknown[], path: string) => T,
): T[] {
  const list = own(fields, name) ?? [];
  if (!Array.isArray(list) || list.length > rowsMax) {
    throw badBeacon(name, `a list of at most ${rowsMax}`);
  }
  return list.map((row, i) => {
    if (!Array.isArray(row)) throw badBeacon(`${name}[${i}]`, 'a list');
    return read(row, `${name}[${i}]`);
  });
}

/** Clamped: a clock that jumped makes negative times, and a sleeping machine makes days. */
function numberIn(value: unknown, path: string, max: number = DURATION_MS_MAX): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw badBeacon(path, 'a number');
  return Math.min(max, Math.max(0, value));
}

function wholeIn(value: unknown, path: string, max: number): number {
  return Math.round(numberIn(value ?? 0, path, max));
}

/** Controls, line breaks of Unicode, lone surrogates and what turns the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

function textIn(value: unknown, path: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw badBeacon(path, 'a text');
  return value.slice(0, BEACON_TEXT_LENGTH_MAX).replace(UNPRINTABLE, '\ufffd');
}

function traceIn(value: unknown, path: string): string {
  const text = textIn(value, path);
  if (text === '' || /^[\da-f]{32}$/.test(text)) return text;
  throw badBeacon(path, '32 hexadecimal digits');
}

function badBeacon(path: string, expected: string): HttpError {
  return new HttpError(
    400,
    'bad_beacon',
    `beacon ${path}: expected ${expected}, got something else.`,
  );
}
