/** The query string of `/v1/query` and its neighbours, checked and bounded. */

import type { LiveFilter } from '../live/live-event.js';
import { chooseGrid, type Grid } from '../query/choose-level.js';
import { hoursAround } from '../query/coarser.js';
import type { EventsRequest } from '../query/events.js';
import type { QueryRequest } from '../query/query-request.js';
import { DAY_MS, type Retention } from '../store/data-folder.js';
import type { MetricsRequest } from '../store/store.js';
import type { HeatmapRequest } from '../views/heatmap.js';
import type { TracesRequest } from '../views/traces.js';
import { counted, type ViewRequest, type ViewSource } from '../views/view-request.js';
import { HttpError } from './http-error.js';
import { badParameter, parseDuration, parseTime } from './parse-time.js';

const STEPS_MAX = 2000;
/**
 * Points of an answer, groups × steps: measured, 15 MB as objects, 9 MB while they pass from a thread,
 * 14 MB of JSON. A point with the histogram of a busy series is ten times as large (2 KiB).
 */
const POINTS_MAX = 50_000;
const POINTS_WITH_HISTOGRAM_MAX: number = POINTS_MAX / 10;
const GROUPS_DEFAULT = 100;
const GROUPS_MAX = 500;
const GROUP_NAMES_MAX = 8;
const WHERE_MAX = 16;
const TEXT_LENGTH_MAX = 1024;
const EVENTS_DEFAULT = 100;
const EVENTS_MAX = 1000;
const PLACES_DEFAULT = 50;
const PLACES_MAX = 500;

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** @throws {HttpError} 400 */
export function parseQuery(
  params: URLSearchParams,
  nowMs: number,
  retention: Retention,
): QueryRequest {
  const metric = textOf(params, 'metric');
  if (metric === undefined) throw badParameter('metric', 'the name of a metric');
  const step = textOf(params, 'step');
  const stepMs = step === undefined ? undefined : parseDuration(step, 'step');
  const coarse = parseFlag(params, 'coarse');
  const asked = parseRange(params, nowMs, '-1h');
  const range = coarse && stepMs === undefined ? hoursAround(asked) : asked;
  const grid = chooseGrid(range, stepMs, retention, nowMs);
  if (grid.toMs - grid.fromMs > retention.hour + DAY_MS) {
    throw badParameter('from', `a range of at most ${retention.hour / DAY_MS} days`);
  }
  const group = parseGroup(params);
  const histogram = parseFlag(params, 'histogram');
  return {
    metric,
    service: textOf(params, 'service'),
    ...grid,
    group,
    where: parseWhere(params),
    histogram,
    percentiles: !parseFlag(params, 'sums'),
    coarse,
    mayBeOld: coarse,
    limit: parseGroupLimit(params, stepsOf(grid), group, histogram),
  };
}

/** 0 without a step. */
function stepsOf({ fromMs, toMs, stepMs }: Grid): number {
  const steps = stepMs === undefined ? 0 : (toMs - fromMs) / stepMs;
  if (steps <= STEPS_MAX) return steps;
  throw tooManyPoints(`at most ${STEPS_MAX} steps, got ${steps}. Take`);
}

/** Groups at most, such that the answer has no more points than it may: groups × (steps + the total). */
function parseGroupLimit(
  params: URLSearchParams,
  steps: number,
  group: QueryRequest['group'],
  histogram: boolean,
): number {
  const pointsMax = histogram ? POINTS_WITH_HISTOGRAM_MAX : POINTS_MAX;
  const fitting = Math.floor(pointsMax / (steps + 1));
  const limit = parseLimit(params, Math.min(GROUPS_DEFAULT, fitting), GROUPS_MAX);
  if (group.length === 0 || limit <= fitting) return limit;
  const kind = histogram ? 'points with histograms' : 'points';
  throw tooManyPoints(
    `at most ${pointsMax} ${kind}, got room for ${limit} groups of ${steps + 1}. ` +
      `Take a limit of at most ${fitting},`,
  );
}

function tooManyPoints(expected: string): HttpError {
  const message = `expected ${expected} a longer step or a shorter range.`;
  return new HttpError(400, 'too_many_points', message);
}

export function parseMetrics(params: URLSearchParams, nowMs: number): MetricsRequest {
  return { service: textOf(params, 'service'), ...parseRange(params, nowMs, '-1d') };
}

export function parseEvents(params: URLSearchParams, nowMs: number): EventsRequest {
  return {
    service: textOf(params, 'service'),
    ...parseRange(params, nowMs, '-1d'),
    name: textOf(params, 'name'),
    limit: parseLimit(params, EVENTS_DEFAULT, EVENTS_MAX),
  };
}

/** What blocked event loops; `limit` is of places in the code. */
export function parseStalls(params: URLSearchParams, nowMs: number): EventsRequest {
  return {
    service: textOf(params, 'service'),
    ...parseRange(params, nowMs, '-1h'),
    limit: parseLimit(params, PLACES_DEFAULT, PLACES_MAX),
  };
}

export function parseView(
  params: URLSearchParams,
  nowMs: number,
  fromDefault = '-1h',
): ViewRequest {
  return {
    service: textOf(params, 'service'),
    ...parseRange(params, nowMs, fromDefault),
    limit: parseLimit(params, GROUPS_DEFAULT, GROUPS_MAX),
    where: parseWhere(params),
  };
}

/** Of a view that counts what metrics hold. */
export function parseCounted(
  params: URLSearchParams,
  source: Pick<ViewSource, 'retention' | 'now'>,
  fromDefault = '-1h',
): ViewRequest {
  return counted(parseView(params, source.now(), fromDefault), source);
}

export function parseHeatmap(params: URLSearchParams, nowMs: number): HeatmapRequest {
  return {
    ...parseView(params, nowMs),
    method: textOf(params, 'method'),
    route: textOf(params, 'route'),
  };
}

/** What of the live stream is wanted. */
export function parseLive(params: URLSearchParams): LiveFilter {
  return {
    service: textOf(params, 'service'),
    method: textOf(params, 'method'),
    route: textOf(params, 'route'),
    minMs: parseMin(params),
  };
}

export function parseQueries(
  params: URLSearchParams,
  source: Pick<ViewSource, 'retention' | 'now'>,
): ViewRequest & { readonly minMs: number } {
  return { ...parseCounted(params, source), minMs: parseMin(params) };
}

export function parseTraces(params: URLSearchParams, nowMs: number): TracesRequest {
  const order = textOf(params, 'order') ?? 'newest';
  if (order !== 'newest' && order !== 'slowest') throw badParameter('order', 'newest or slowest');
  return {
    ...parseView(params, nowMs),
    method: textOf(params, 'method'),
    route: textOf(params, 'route'),
    reason: textOf(params, 'reason'),
    user: textOf(params, 'user'),
    minMs: parseMin(params),
    isSlowestFirst: order === 'slowest',
  };
}

/** @throws {HttpError} 400 unless it is a trace id of W3C Trace Context. */
export function parseTraceId(text: string): string {
  if (/^[\da-f]{32}$/.test(text)) return text;
  throw badParameter('id', '32 hexadecimal digits');
}

function parseMin(params: URLSearchParams): number {
  const text = textOf(params, 'min');
  return text === undefined || text === '0' ? 0 : parseDuration(text, 'min');
}

/** A parameter that is given and not empty. */
export function textOf(params: URLSearchParams, name: string): string | undefined {
  const text = params.get(name) ?? '';
  if (text.length > TEXT_LENGTH_MAX) {
    throw badParameter(name, `at most ${TEXT_LENGTH_MAX} characters`);
  }
  return text === '' ? undefined : text;
}

function parseRange(params: URLSearchParams, nowMs: number, fromDefault: string): Range {
  const fromMs = parseTime(textOf(params, 'from') ?? fromDefault, 'from', nowMs);
  const toMs = parseTime(textOf(params, 'to') ?? 'now', 'to', nowMs);
  // A year past now is past any file; beyond 2^53 dates are no numbers any more.
  if (toMs > nowMs + 366 * DAY_MS) throw badParameter('to', 'a time up to a year from now');
  if (fromMs >= toMs) throw badParameter('from', 'a time before "to"');
  return { fromMs, toMs };
}

function parseGroup(params: URLSearchParams): QueryRequest['group'] {
  const group = textOf(params, 'group');
  if (group === undefined) return [];
  if (group === '*') return '*';
  const names = [...new Set(group.split(',').filter((name) => name !== ''))];
  if (names.length > GROUP_NAMES_MAX) {
    throw badParameter('group', `at most ${GROUP_NAMES_MAX} attributes, separated by commas, or *`);
  }
  return names;
}

function parseWhere(params: URLSearchParams): [string, string][] {
  const all = params.getAll('where');
  if (all.length > WHERE_MAX) throw badParameter('where', `at most ${WHERE_MAX} conditions`);
  return all.map((condition) => {
    const colon = condition.indexOf(':');
    if (colon < 1 || condition.length > TEXT_LENGTH_MAX) {
      throw badParameter('where', 'attribute:value');
    }
    return [condition.slice(0, colon), condition.slice(colon + 1)];
  });
}

function parseFlag(params: URLSearchParams, name: string): boolean {
  const text = textOf(params, name);
  if (text === undefined || text === '0' || text === 'false') return false;
  if (text === '1' || text === 'true') return true;
  throw badParameter(name, '0 or 1');
}

function parseLimit(params: URLSearchParams, fallback: number, max: number): number {
  const text = textOf(params, 'limit');
  if (text === undefined) return fallback;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= max) return limit;
  throw badParameter('limit', `a whole number from 1 to ${max}`);
}
