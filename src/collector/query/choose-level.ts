/**
 * Which level answers a query: the coarsest that the step or the range allows, and no finer one than
 * retention has kept. Rollups lose nothing but time resolution, so coarse is as exact and cheaper.
 */
import { LEVEL_MS, type Retention } from '../store/data-folder.js';
import type { AskedLevel } from './query-request.js';

const COARSEST_FIRST: readonly AskedLevel[] = ['hour', 'minute', 'raw'];

/** Without a step, a level is fine enough when at least this many of its rows span the range. */
const ROWS_MIN = 60;

export interface Grid {
  readonly level: AskedLevel;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number | undefined;
}

/** The level, and the range and step widened to its rows. */
export function chooseGrid(
  range: { readonly fromMs: number; readonly toMs: number },
  stepMs: number | undefined,
  retention: Retention,
  nowMs: number,
): Grid {
  const level = chooseLevel(range, stepMs, retention, nowMs);
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
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
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
