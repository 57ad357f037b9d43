/**
 * Which level answers a query: the coarsest that the step or the range allows, and no finer one than
 * retention has kept. Rollups lose nothing but time resolution, so coarse is as exact and cheaper.
 */
import { LEVEL_MS, type Retention } from '../store/data-folder.js';
import type { AskedLevel } from './query-request.js';

const COARSEST_FIRST: readonly AskedLevel[] = ['hour', 'minute', 'raw'];

/** Without a step, a level is fine enough when at least this many of its rows span the range. */
const ROWS_MIN = 60;

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Grid extends Range {
  readonly level: AskedLevel;
  readonly stepMs: number | undefined;
}

/** The level, and the range and step widened to its rows. */
export function chooseGrid(
  range: Range,
  stepMs: number | undefined,
  retention: Retention,
  nowMs: number,
): Grid {
  return gridOf(chooseLevel(range, stepMs, retention, nowMs), range, stepMs);
}

/**
 * For totals of a range that is not to be widened to hours: minutes while they are kept, of which level-spans.ts reads
 * the first and the last alone. Without them it is widened all the same.
 */
export function exactGrid(range: Range, retention: Retention, nowMs: number): Grid {
  const grid = chooseGrid(range, undefined, retention, nowMs);
  const isWidened = grid.fromMs !== range.fromMs || grid.toMs !== range.toMs;
  const isKept = nowMs - range.fromMs <= retention.minute;
  return grid.level === 'hour' && isWidened && isKept ? gridOf('minute', range, undefined) : grid;
}

function gridOf(level: AskedLevel, range: Range, stepMs: number | undefined): Grid {
  const widthMs = LEVEL_MS[level];
  const step = stepMs === undefined ? undefined : Math.ceil(stepMs / widthMs) * widthMs;
  const gridMs = step ?? widthMs;
  return {
    level,
    fromMs: Math.floor(range.fromMs / gridMs) * gridMs,
    toMs: Math.ceil(range.toMs / gridMs) * gridMs,
    stepMs: step,
  };
}

function chooseLevel(
  { fromMs, toMs }: Range,
  stepMs: number | undefined,
  retention: Retention,
  nowMs: number,
): AskedLevel {
  for (const level of COARSEST_FIRST) {
    const widthMs = LEVEL_MS[level];
    const fineEnough =
      stepMs === undefined ? toMs - fromMs >= widthMs * ROWS_MIN : stepMs % widthMs === 0;
    if (fineEnough) return level;
    // The next finer level must still hold the start of the range.
    const finer = level === 'hour' ? 'minute' : 'raw';
    if (nowMs - fromMs > retention[finer]) return level;
  }
  return 'raw';
}
