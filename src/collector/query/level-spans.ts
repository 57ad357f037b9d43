/**
 * Which part of a range is read from which level. Without a step, and with one of hours, whole hours of a range of minutes
 * come from the 1 h rows: a sixtieth of the histograms to merge, and the same sums and buckets. Pure.
 */
import { LEVEL_MS, type Level } from '../store/data-folder.js';
import type { QueryRequest } from './query-request.js';

export interface LevelSpan {
  readonly level: Level;
  readonly fromMs: number;
  readonly toMs: number;
}

export function levelSpans({
  level,
  fromMs,
  toMs,
  stepMs,
}: Pick<QueryRequest, 'level' | 'fromMs' | 'toMs' | 'stepMs'>): readonly LevelSpan[] {
  const firstHourMs = Math.ceil(fromMs / LEVEL_MS.hour) * LEVEL_MS.hour;
  const lastHourMs = Math.floor(toMs / LEVEL_MS.hour) * LEVEL_MS.hour;
  const isOfHours = stepMs === undefined || stepMs % LEVEL_MS.hour === 0;
  if (level !== 'minute' || !isOfHours || firstHourMs >= lastHourMs) {
    return [{ level, fromMs, toMs }];
  }
  const spans: readonly LevelSpan[] = [
    { level, fromMs, toMs: firstHourMs },
    { level: 'hour', fromMs: firstHourMs, toMs: lastHourMs },
    { level, fromMs: lastHourMs, toMs },
  ];
  return spans.filter((span) => span.fromMs < span.toMs);
}
