/**
 * What can be mended in the queries of one route, as seen in one window, as an event of a batch: written by
 * the worker, read by the collector. Of a statement it has what a query's metric has, and no value.
 */
import { CODE_FILE, CODE_FUNCTION, CODE_LINE, CODE_STACK } from '../shared/stall-event.js';
import type { BatchEvent } from './batch.js';

export const FINDING_EVENT = 'tachograph.finding';

export const FINDING_KINDS = [
  'n_plus_one',
  'n_plus_one_write',
  'duplicate_query',
  'pagination_loop',
  'slow_query',
  'unbounded_read',
  'wide_rows',
  'single_row_writes',
  'idle_transaction',
  'chatty_request',
  'connection_leak',
  'lock_wait',
  'deadlock',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

export interface FindingPlace {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  /** Lines `at name (file:line)`, innermost first. */
  readonly stack: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** Of the unit's series: method and route, operation, job; none of a query that no unit made. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly system: string;
  /** The statement; of chatty requests and of pools empty, or the pool's name. */
  readonly query: string;
  /** The statement whose rows it is made for, or after which a transaction waits. */
  readonly parentQuery: string | undefined;
  /** How many requests showed it, and how many calls those made. */
  readonly requests: number;
  readonly calls: number;
  readonly totalUs: number;
  /** Of that, what would be saved. */
  readonly wastedUs: number;
  readonly rows: number;
  readonly errorType: string | undefined;
  readonly confidence: Confidence;
  readonly place: FindingPlace | undefined;
  readonly orm: string | undefined;
  readonly traceId: string | undefined;
}

const OWN = `${FINDING_EVENT}.`;
/** Attribute by which findings are chosen in a store. */
export const FINDING_KIND: string = `${OWN}kind`;
const NUMBERS = [
  ['requests', 'requests'],
  ['calls', 'calls'],
  ['total_us', 'totalUs'],
  ['wasted_us', 'wastedUs'],
  ['rows', 'rows'],
] as const;
const TEXTS = [
  ['system', 'system'],
  ['query', 'query'],
  ['parent_query', 'parentQuery'],
  ['error_type', 'errorType'],
  ['confidence', 'confidence'],
  ['orm', 'orm'],
  ['trace_id', 'traceId'],
] as const;
const CODE: readonly string[] = [CODE_FILE, CODE_FUNCTION, CODE_LINE, CODE_STACK];
/** Attributes of the unit's series that go with it: fewer than any metric has. */
const ATTRIBUTES_MAX = 8;

export function findingEvent(finding: Finding, timeMs: number): BatchEvent {
  const { kind, attributes, place } = finding;
  const pairs: [string, string][] = Object.entries(attributes).slice(0, ATTRIBUTES_MAX);
  pairs.push([FINDING_KIND, kind]);
  for (const [name, key] of NUMBERS) pairs.push([OWN + name, String(Math.round(finding[key]))]);
  for (const [name, key] of TEXTS) {
    const text = finding[key];
    if (text !== undefined) pairs.push([OWN + name, text]);
  }
  if (place !== undefined) {
    pairs.push(
      [CODE_FILE, place.file],
      [CODE_FUNCTION, place.function],
      [CODE_LINE, String(place.line)],
      [CODE_STACK, place.stack],
    );
  }
  return { timeMs, name: FINDING_EVENT, attributes: pairs.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** Undefined when it is none: events come from anybody who may send. */
export function readFinding(all: Readonly<Record<string, string>>): Finding | undefined {
  const kind = FINDING_KINDS.find((known) => known === all[FINDING_KIND]);
  const confidence = CONFIDENCES.find((known) => known === all[`${OWN}confidence`]);
  const numbers = NUMBERS.map(
    ([name, key]) => [key, Number(all[OWN + name] ?? Number.NaN)] as const,
  );
  const isSound = numbers.every(([, value]) => Number.isFinite(value) && value >= 0);
  if (kind === undefined || confidence === undefined || !isSound) return undefined;
  const isOwn = (name: string): boolean => name.startsWith(OWN) || CODE.includes(name);
  return {
    ...(Object.fromEntries(numbers) as Record<(typeof NUMBERS)[number][1], number>),
    kind,
    confidence,
    attributes: Object.fromEntries(Object.entries(all).filter(([name]) => !isOwn(name))),
    system: all[`${OWN}system`] ?? '',
    query: all[`${OWN}query`] ?? '',
    parentQuery: all[`${OWN}parent_query`],
    errorType: all[`${OWN}error_type`],
    orm: all[`${OWN}orm`],
    traceId: all[`${OWN}trace_id`],
    place: placeIn(all),
  };
}

function placeIn(all: Readonly<Record<string, string>>): FindingPlace | undefined {
  const [file, line] = [all[CODE_FILE], Number(all[CODE_LINE] ?? Number.NaN)];
  if (file === undefined || !Number.isInteger(line)) return undefined;
  return { file, line, function: all[CODE_FUNCTION] ?? '', stack: all[CODE_STACK] ?? '' };
}
