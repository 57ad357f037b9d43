/**
 * What a producer wrote about itself: how many ids it recorded, and which of them must arrive whatever
 * became of it (promise P5). Ids count from 0.
 *
 * After SIGKILL the last second may be missing. It is counted in the producer's own beats, not by the
 * clock: a machine that stands still for a moment stops the agent as it stops the producer.
 */
import { readFileSync } from 'node:fs';

/** As test/fixtures/apps/oracle-recording.mjs has it. */
const BEAT_MS = 25;
/** The second of P5, and half a second for timers that are late and a write to the disk. */
const LOST_BEATS_MAX: number = 1500 / BEAT_MS;

export interface IdLog {
  /** Ids recorded by the end of each beat. */
  readonly beats: readonly number[];
  /** Ids that may be there; the last ones perhaps were not recorded any more. */
  readonly recorded: number;
}

export type End = 'orderly' | 'killed';

export function readIdLog(path: string): IdLog {
  // A line that is torn has no end.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const beats = lines.map(Number);
  return { beats, recorded: beats.at(-1) ?? 0 };
}

/** Ids below this one must be there. */
export function obligedIds({ beats, recorded }: IdLog, end: End): number {
  if (end === 'orderly') return recorded;
  return beats[beats.length - 1 - LOST_BEATS_MAX] ?? 0;
}

/** Age in beats' time, at the last one, of the oldest id that is not among `present`; 0 when all are. */
export function lostMs({ beats, recorded }: IdLog, present: ReadonlyMap<number, number>): number {
  let id = 0;
  while (id < recorded && present.has(id)) id++;
  if (id === recorded) return 0;
  const beat = beats.findIndex((ids) => ids > id);
  return (beats.length - 1 - beat) * BEAT_MS;
}
