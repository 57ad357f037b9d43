/** Questions that several pages ask: of the range and the scope that are chosen, and as a series over time. */
import { chartStep, POINTS_MAX, rangeQuery, scopeQuery } from '../state/range.js';
import type { Answer } from './answer-state.js';
import type { QueryAnswer } from './answers.js';
import { useAnswer } from './api-client.js';

/** A view in the chosen range; `back` weeks earlier. */
export function useView<Data>(
  path: string | undefined,
  query: Readonly<Record<string, string | undefined>> = {},
  back = 0,
): Answer<Data> {
  return useAnswer<Data>(path, { ...scopeQuery(), ...rangeQuery(back), ...query });
}

/** A view that tells services apart and nothing finer: other filters do not reach it, and its panel says so. */
export function useServiceView<Data>(
  path: string,
  query: Readonly<Record<string, string>> = {},
): Answer<Data> {
  return useAnswer<Data>(path, { service: scopeQuery().service, ...rangeQuery(), ...query });
}

export interface SeriesQuestion {
  readonly metric: string;
  readonly group?: string;
  /** `attribute:value`, besides those of the scope. */
  readonly where?: readonly string[];
  readonly limit?: string;
  /** Without percentiles, which is faster. */
  readonly sums?: '1';
}

/** Of what each thread of a process has: its main thread's. What a pool of workers computes delays no request. */
export const OF_MAIN_THREAD: readonly string[] = ['tachograph.thread.slot:'];

/** A metric over time. */
export function useSeries(
  question: SeriesQuestion | undefined,
  back = 0,
  pointsMax: number = POINTS_MAX,
): Answer<QueryAnswer> {
  return useMetric(question, back, chartStep(pointsMax));
}

/** A metric in the whole range. */
export function useTotals(question: SeriesQuestion | undefined, back = 0): Answer<QueryAnswer> {
  return useMetric(question, back, undefined);
}

function useMetric(
  question: SeriesQuestion | undefined,
  back: number,
  step: string | undefined,
): Answer<QueryAnswer> {
  const { metric, group, limit, sums, where = [] } = question ?? {};
  const scope = scopeQuery();
  return useAnswer<QueryAnswer>(question === undefined ? undefined : '/v1/query', {
    ...scope,
    ...rangeQuery(back),
    metric,
    group,
    step,
    coarse: '1',
    limit,
    sums,
    where: [...scope.where, ...where],
  });
}
