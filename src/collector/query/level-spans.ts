/**
 * Which part of a range could be read from which level. Without a step, and with one of hours, whole hours of a range of
 * minutes come from the 1 h rows: a sixtieth of the histograms to merge, and the same sums and buckets. So do whole UTC days
 * from rows of days without a step, and with one of days; which of them there are, readable-spans.ts tells. Pure.
 */
import { LEVEL_MS, type Level } from '../store/data-folder.js';
import type { QueryRequest } from './query-request.js';

export interface LevelSpan {
  readonly level: Level;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What rows of a level can be read from instead. */
const COARSER: Readonly<Partial<Record<Level, Level>>> = { minute: 'hour', hour: 'day' };

/** In order, without gaps. */
export function levelSpans({
  level,
  fromMs,
  toMs,
  stepMs,
}: LevelSpan & Pick<QueryRequest, 'stepMs'>): readonly LevelSpan[] {
  const coarser = COARSER[level];
  if (coarser === undefined) return [{ level, fromMs, toMs }];
  const widthMs = LEVEL_MS[coarser];
  const firstMs = Math.ceil(fromMs / widthMs) * widthMs;
  const lastMs = Math.floor(toMs / widthMs) * widthMs;
  const isOfThese = stepMs === undefined || stepMs % widthMs === 0;
  if (!isOfThese || firstMs >= lastMs) return [{ level, fromMs, toMs }];
  const spans: readonly LevelSpan[] = [
    { level, fromMs, toMs: firstMs },
    ...levelSpans({ level: coarser, fromMs: firstMs, toMs: lastMs, stepMs }),
    { level, fromMs: lastMs, toMs },
  ];
  return spans.filter((span) => span.fromMs < span.toMs);
}
