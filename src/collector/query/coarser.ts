/**
 * What becomes of a page's question about a day and more: it is one of whole hours, the first and the last included, and of
 * a curve of four weeks and more that is still too much, one of whole UTC days. What is asked for stays minutes, or hours:
 * coarser rows are read for those they hold (level-spans.ts), and finer ones where they hold less (readable-spans.ts). Pure.
 */
import { DAY_MS, LEVEL_MS } from '../store/data-folder.js';
import type { QueryRequest } from './query-request.js';

/** More points than a chart has room for are not lost lightly: so many rows take seconds of a core. */
const ROWS_OF_CURVE_MAX = 100_000;

/** A curve of fewer points tells little. */
const DAYS_OF_CURVE_MIN = 28;

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A shorter range stays as it is: of that an hour would be too much. */
export function hoursAround({ fromMs, toMs }: Range): Range {
  if (toMs - fromMs < DAY_MS) return { fromMs, toMs };
  return widened({ fromMs, toMs }, LEVEL_MS.hour);
}

function widened({ fromMs, toMs }: Range, widthMs: number): Range {
  return {
    fromMs: Math.floor(fromMs / widthMs) * widthMs,
    toMs: Math.ceil(toMs / widthMs) * widthMs,
  };
}

/**
 * A curve with steps of an hour, or of a day, where shorter ones would read too many rows.
 * @param rows a guess of how many it reads
 */
export function affordable(request: QueryRequest, rows: number): QueryRequest {
  const { coarse, level, fromMs, toMs, stepMs } = request;
  if (coarse !== true || stepMs === undefined || rows <= ROWS_OF_CURVE_MAX) return request;
  const [widthMs, rangeMsMin] =
    level === 'hour' ? [DAY_MS, DAYS_OF_CURVE_MIN * DAY_MS] : [LEVEL_MS.hour, DAY_MS];
  if (level === 'raw' || stepMs >= widthMs || toMs - fromMs < rangeMsMin) return request;
  return { ...request, ...widened(request, widthMs), stepMs: widthMs };
}
