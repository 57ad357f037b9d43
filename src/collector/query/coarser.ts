/**
 * What becomes of a page's question about a day and more: it is one of whole hours, the first and the last included.
 * What is asked for stays minutes: the rows of hours are read for those they hold (level-spans.ts), and minutes
 * themselves where the hours have lost names (run-query.ts). Pure.
 */
import { DAY_MS, LEVEL_MS } from '../store/data-folder.js';
import type { QueryRequest } from './query-request.js';

/** More points than a chart has room for are not lost lightly: so many rows take seconds of a core. */
const ROWS_OF_CURVE_MAX = 100_000;

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A shorter range stays as it is: of that an hour would be too much. */
export function hoursAround({ fromMs, toMs }: Range): Range {
  if (toMs - fromMs < DAY_MS) return { fromMs, toMs };
  const hourMs = LEVEL_MS.hour;
  return { fromMs: Math.floor(fromMs / hourMs) * hourMs, toMs: Math.ceil(toMs / hourMs) * hourMs };
}

/**
 * A curve with steps of an hour where shorter ones would read too many rows.
 * @param rows a guess of how many it reads
 */
export function affordable(request: QueryRequest, rows: number): QueryRequest {
  const { coarse, level, fromMs, toMs, stepMs } = request;
  if (coarse !== true || level !== 'minute' || toMs - fromMs < DAY_MS) return request;
  if (stepMs === undefined || stepMs >= LEVEL_MS.hour || rows <= ROWS_OF_CURVE_MAX) return request;
  return { ...request, ...hoursAround(request), stepMs: LEVEL_MS.hour };
}
