/**
 * Puts together what finds out which line blocks the main thread: heart, watch, capture and log. Runs in
 * the agent's worker. With a threshold of 0 nothing is looked at.
 */
import { homeFolder } from '../shared/home-folder.js';
import type { WorkerStart } from '../shared/worker-protocol.js';
import type { OnTrouble } from '../transport/trouble.js';
import { createCapture } from './capture-stack.js';
import type { MainHeart } from './main-heart.js';
import type { MainInspector } from './main-inspector.js';
import { RecentStalls } from './recent-stalls.js';
import { StallLog } from './stall-log.js';
import { createStallWatch } from './stall-watch.js';

export interface StallsWatched {
  readonly log: StallLog;
  readonly recent: RecentStalls;
  /** To be called at each turn; returns in how many ms it wants to be called again. */
  readonly look: () => number;
}

export function watchStalls(
  { options, facts }: WorkerStart,
  heart: MainHeart,
  inspector: MainInspector,
  nowMs: () => number,
  onTrouble: OnTrouble,
): StallsWatched {
  const recent = new RecentStalls(nowMs);
  const log = new StallLog({
    recent,
    capture: createCapture(inspector, { working: facts.cwd, home: homeFolder() }),
    readGcUs: heart.gcUs,
    nowMs,
    wallMs: Date.now,
    onInspected: () =>
      onTrouble('TACHO_STALLS_OFF', 'A block that came while one was open is not reported.'),
  });
  const { stallThresholdMs } = options;
  const isOff = stallThresholdMs === 0;
  const look = isOff
    ? () => Number.POSITIVE_INFINITY
    : createStallWatch(heart.reading, nowMs, stallThresholdMs, log);
  return { log, recent, look };
}
