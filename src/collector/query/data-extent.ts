/**
 * Where the rows of an answer begin and end, as finely as its level tells: of an hour that was read whole the sums of its
 * minutes are looked at.
 */
import { LEVEL_MS } from '../store/data-folder.js';
import type { FileReader } from '../store/file-readers.js';
import type { LevelSpan } from './level-spans.js';
import type { QueryRequest } from './query-request.js';
import { rowSource, rowsOf, type Slot } from './row-source.js';

export interface DataExtent {
  readonly dataFromMs: number | null;
  readonly dataToMs: number | null;
}

export function refinedExtent(
  readers: readonly FileReader[],
  request: QueryRequest,
  spans: readonly LevelSpan[],
  { dataFromMs, dataToMs }: DataExtent,
): DataExtent {
  const hours = spans.find(({ level }) => LEVEL_MS[level] > LEVEL_MS[request.level]);
  if (hours === undefined || dataFromMs === null || dataToMs === null) {
    return { dataFromMs, dataToMs };
  }
  const isIn = (timeMs: number): boolean => timeMs >= hours.fromMs && timeMs < hours.toMs;
  const minutesOf = (timeMs: number): readonly Slot[] => {
    const fromMs = Math.floor(timeMs / LEVEL_MS.hour) * LEVEL_MS.hour;
    const span = { level: request.level, fromMs, toMs: fromMs + LEVEL_MS.hour };
    return rowSource(readers, request, [span])?.slots ?? [];
  };
  const first = isIn(dataFromMs)
    ? minutesOf(dataFromMs).find((slot) => lastEndOf(slot) !== undefined)?.timeMs
    : undefined;
  const ends = isIn(dataToMs - 1) ? minutesOf(dataToMs - 1).map(lastEndOf) : [];
  const last = ends.reduce((most, endMs) => Math.max(most ?? 0, endMs ?? 0), undefined);
  return { dataFromMs: first ?? dataFromMs, dataToMs: last || dataToMs };
}

/** The end of the last window of a slot that the query is about. */
function lastEndOf(slot: Slot): number | undefined {
  let endMs: number | undefined;
  for (const { series, process, duration_ms } of rowsOf(slot, true)) {
    if (slot.part.groupOf(series as number, process as number) === undefined) continue;
    endMs = Math.max(endMs ?? 0, slot.timeMs + (duration_ms as number));
  }
  return endMs;
}
