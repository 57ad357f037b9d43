/**
 * What a question of a page becomes when it would read more rows than a reader waits for: whole hours instead of
 * minutes. Only of a day and more, whose first and last hour are then in the answer as a whole. Pure.
 */
import { DAY_MS, LEVEL_MS } from '../store/data-folder.js';
import type { QueryRequest } from './query-request.js';

/** Half a second of one core, where buckets are read; a curve may take longer, for it loses more. */
const ROWS_MAX = 20_000;
const ROWS_OF_CURVE_MAX = 100_000;

/** @param rows a guess of how many it reads */
export function affordable(request: QueryRequest, rows: () => number): QueryRequest {
  const { level, fromMs, toMs, stepMs } = request;
  const hourMs = LEVEL_MS.hour;
  if (request.coarse !== true || level !== 'minute' || toMs - fromMs < DAY_MS) return request;
  if (stepMs !== undefined && stepMs >= hourMs) return request;
  if (rows() <= (stepMs === undefined ? ROWS_MAX : ROWS_OF_CURVE_MAX)) return request;
  return {
    ...request,
    level: 'hour',
    fromMs: Math.floor(fromMs / hourMs) * hourMs,
    toMs: Math.ceil(toMs / hourMs) * hourMs,
    stepMs: stepMs === undefined ? undefined : hourMs,
  };
}
