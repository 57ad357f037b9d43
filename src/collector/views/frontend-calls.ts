/** What pages ask for and run, as browsers saw it: calls to servers, files, scripts of long frames. */
import {
  BROWSER_AJAX,
  BROWSER_RESOURCE_TRANSFERRED,
  BROWSER_RESOURCES,
  BROWSER_RESOURCES_CACHED,
  BROWSER_RESOURCES_COMPRESSED,
  BROWSER_RESOURCES_DISCLOSED,
  BROWSER_RESOURCES_OVERSIZED,
  BROWSER_SCRIPT,
  RESOURCE_TYPE,
  SCRIPT_URL,
} from '../../shared/browser-metrics.js';
import { PERCENTILE_SAMPLES_MIN } from '../../shared/budget.js';
import type { Metric } from '../../shared/metric.js';
import type { CounterStats, HistogramStats } from '../query/query-request.js';
import { readGroups, Spread } from './spread.js';
import { OUTCOME, tallies } from './tallies.js';
import { groupsOf, keyOf, totalsOf, type ViewRequest, type ViewSource } from './view-request.js';

/** Times in seconds; percentiles are null of fewer than 20 values. */
export interface AjaxRow {
  /** As the server has it, where it tells; else the template of the path, with the host of another site. */
  readonly route: string;
  readonly method: string;
  readonly calls: number;
  readonly p75: number | null;
  readonly p95: number | null;
  /** Without an answer, or answered 5xx. */
  readonly errors: number;
}

export interface ResourceRow {
  readonly type: string;
  readonly count: number;
  /** Over the network. */
  readonly bytes: number;
  /** Of those whose size the browser tells; null when there is none. */
  readonly cachedRatio: number | null;
  readonly compressedRatio: number | null;
  readonly oversized: number;
}

export interface ScriptRow {
  readonly url: string;
  readonly function: string;
  readonly count: number;
  readonly p95: number | null;
  readonly total: number;
}

export interface FrontendCalls {
  readonly ajax: readonly AjaxRow[];
  readonly resources: readonly ResourceRow[];
  readonly scripts: readonly ScriptRow[];
}

const CALL = ['http.request.method', 'http.route'] as const;

export async function frontendCalls(
  source: ViewSource,
  request: ViewRequest,
): Promise<FrontendCalls> {
  const [ajax, resources, scripts] = await Promise.all([
    ajaxOf(source, request),
    resourcesOf(source, request),
    scriptsOf(source, request),
  ]);
  return { ajax, resources, scripts };
}

async function ajaxOf(source: ViewSource, request: ViewRequest): Promise<AjaxRow[]> {
  const { limit } = request;
  const [merged, outcomes] = await Promise.all([
    totalsOf(source, request, {
      metric: BROWSER_AJAX.name,
      group: CALL,
      limit,
      histogram: true,
      percentiles: false,
    }),
    groupsOf(source, request, BROWSER_AJAX, [...CALL, ...OUTCOME]),
  ]);
  const byCall = tallies(outcomes, CALL);
  return readGroups(merged?.groups ?? []).map((group) => {
    const { attributes } = group;
    const spread = new Spread(BROWSER_AJAX);
    spread.add(group);
    return {
      route: attributes['http.route'] ?? '',
      method: attributes['http.request.method'] ?? '',
      calls: spread.count,
      p75: spread.percentile(750),
      p95: spread.percentile(950),
      errors: byCall.get(keyOf(attributes, CALL))?.errors ?? 0,
    };
  });
}

async function resourcesOf(source: ViewSource, request: ViewRequest): Promise<ResourceRow[]> {
  const sums = async (metric: Metric): Promise<ReadonlyMap<string, number>> => {
    const groups = await groupsOf(source, request, metric, [RESOURCE_TYPE]);
    return new Map(
      groups.map(({ attributes, total }) => [
        attributes[RESOURCE_TYPE] ?? '',
        (total as CounterStats).value,
      ]),
    );
  };
  const [counts, bytes, disclosed, cached, compressed, oversized] = await Promise.all([
    sums(BROWSER_RESOURCES),
    sums(BROWSER_RESOURCE_TRANSFERRED),
    sums(BROWSER_RESOURCES_DISCLOSED),
    sums(BROWSER_RESOURCES_CACHED),
    sums(BROWSER_RESOURCES_COMPRESSED),
    sums(BROWSER_RESOURCES_OVERSIZED),
  ]);
  return [...counts]
    .map(([type, count]) => {
      const known = disclosed.get(type) ?? 0;
      const ratio = (of: ReadonlyMap<string, number>): number | null =>
        known === 0 ? null : (of.get(type) ?? 0) / known;
      return {
        type,
        count,
        bytes: bytes.get(type) ?? 0,
        cachedRatio: ratio(cached),
        compressedRatio: ratio(compressed),
        oversized: oversized.get(type) ?? 0,
      };
    })
    .sort((a, b) => b.bytes - a.bytes);
}

async function scriptsOf(source: ViewSource, request: ViewRequest): Promise<ScriptRow[]> {
  const group = [SCRIPT_URL, 'code.function.name'];
  const { limit } = request;
  const result = await totalsOf(source, request, { metric: BROWSER_SCRIPT.name, group, limit });
  return (result?.groups ?? []).map(({ attributes, total }) => {
    const { count, p95, sum } = total as HistogramStats;
    return {
      url: attributes[SCRIPT_URL] ?? '',
      function: attributes['code.function.name'] ?? '',
      count,
      p95: count < PERCENTILE_SAMPLES_MIN ? null : p95,
      total: sum,
    };
  });
}
