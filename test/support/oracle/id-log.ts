/**
 * What a producer wrote about itself: how many ids it recorded, and which of them must arrive whatever
 * became of it (promise P5). Ids count from 0.
 *
 * After SIGKILL the last second may be missing. It is counted in the producer's own beats, not by the
 * clock: a machine that stands still for a moment stops the agent as it stops the producer.
 */
import { readFileSync } from 'node:fs';

const BEATS_A_SECOND = 40;
/** The second of P5, and half a second for timers that are late and a write to the disk. */
const LOST_BEATS_MAX: number = BEATS_A_SECOND * 1.5;

export interface Beat {
  readonly timeMs: number;
  /** Ids recorded by its end. */
  readonly ids: number;
}

export interface IdLog {
  readonly beats: readonly Beat[];
  /** Ids that may be there; the last ones perhaps were not recorded any more. */
  readonly recorded: number;
}

export type End = 'orderly' | 'killed';

export function readIdLog(path: string): IdLog {
  // A line that is torn has no end.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const beats = lines.map((line) => {
    const [timeMs, ids] = line.split(' ').map(Number);
    return { timeMs: timeMs!, ids: ids! };
  });
  return { beats, recorded: beats.at(-1)?.ids ?? 0 };
}

/** Ids below this one must be there. */
export function obligedIds({ beats, recorded }: IdLog, end: End): number {
  if (end === 'orderly') return recorded;
  return beats[beats.length - 1 - LOST_BEATS_MAX]?.ids ?? 0;
}

/** Age, at the last beat, of the oldest id that is not among `present`; 0 when all are. */
export function lostMs({ beats }: IdLog, present: ReadonlyMap<number, number>): number {
  let first = 0;
  const lastMs = beats.at(-1)?.timeMs ?? 0;
  for (const { timeMs, ids } of beats) {
    for (let id = first; id < ids; id++) if (!present.has(id)) return lastMs - timeMs;
    first = ids;
  }
  return 0;
}
