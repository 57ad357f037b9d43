/**
 * Where the rows of an answer begin and end, as finely as its level tells, or to the hour where hours will do: of a day that
 * was read whole the sums of its hours are looked at, and of an hour those of its minutes.
 */
import { LEVEL_MS, type Level } from '../store/data-folder.js';
import type { FileReader } from '../store/file-readers.js';
import type { LevelSpan } from './level-spans.js';
import type { QueryRequest } from './query-request.js';
import { rowSource, rowsOf, type Slot } from './row-source.js';

export interface DataExtent {
  readonly dataFromMs: number | null;
  readonly dataToMs: number | null;
}

/** From the coarsest on. */
const COARSE: readonly Level[] = ['day', 'hour'];

export function refinedExtent(
  readers: readonly FileReader[],
  request: QueryRequest,
  spans: readonly LevelSpan[],
  { dataFromMs, dataToMs }: DataExtent,
): DataExtent {
  if (dataFromMs === null || dataToMs === null) return { dataFromMs, dataToMs };
  const slotsAround = (timeMs: number, level: Level): readonly Slot[] => {
    const fromMs = Math.floor(timeMs / LEVEL_MS[level]) * LEVEL_MS[level];
    const span = { level: finerThan(level, request), fromMs, toMs: fromMs + LEVEL_MS[level] };
    return rowSource(readers, request, [span])?.slots ?? [];
  };
  let [fromMs, toMs] = [dataFromMs, dataToMs];
  for (const level of levelsAt(fromMs, request, spans)) {
    const first = slotsAround(fromMs, level).find((slot) => endOf(slot) !== undefined);
    fromMs = first?.timeMs ?? fromMs;
  }
  for (const level of levelsAt(toMs - 1, request, spans)) {
    toMs = lastEndOf(slotsAround(toMs - 1, level)) ?? toMs;
  }
  return { dataFromMs: fromMs, dataToMs: toMs };
}

/** The levels that are too coarse, at a time of the range. */
function levelsAt(
  timeMs: number,
  { level, coarse }: QueryRequest,
  spans: readonly LevelSpan[],
): readonly Level[] {
  const span = spans.find(({ fromMs, toMs }) => timeMs >= fromMs && timeMs < toMs);
  const readMs = LEVEL_MS[span?.level ?? level];
  const finestMs = Math.max(LEVEL_MS[level], coarse === true ? LEVEL_MS.hour : 0);
  return COARSE.filter((one) => LEVEL_MS[one] <= readMs && LEVEL_MS[one] > finestMs);
}

function finerThan(level: Level, request: QueryRequest): Level {
  return level === 'day' ? 'hour' : request.level;
}

/** When the last window ends that the query is about. */
function lastEndOf(slots: readonly Slot[]): number | undefined {
  let lastMs: number | undefined;
  for (const slot of slots.toReversed()) {
    const { level } = slot.part.reader;
    // Windows are as long as they are, and a row of a rollup is as long as its level says.
    const mayBeLast =
      lastMs === undefined || level === 'raw' || slot.timeMs + LEVEL_MS[level] > lastMs;
    const endMs = mayBeLast ? endOf(slot) : undefined;
    if (endMs !== undefined) lastMs = Math.max(lastMs ?? 0, endMs);
  }
  return lastMs;
}

/** The end of the last window of a slot that the query is about. */
function endOf(slot: Slot): number | undefined {
  let endMs: number | undefined;
  for (const { series, process, duration_ms } of rowsOf(slot, true)) {
    if (slot.part.groupOf(series as number, process as number) === undefined) continue;
    endMs = Math.max(endMs ?? 0, slot.timeMs + (duration_ms as number));
  }
  return endMs;
}
