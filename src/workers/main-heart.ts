/**
 * Reads the heart of the main thread (src/agent/heart.ts) out of its ring. Runs in the agent's worker.
 */
import {
  BEAT_DUE,
  GC_US,
  HEADER_BYTES,
  HEARTBEAT,
  LATE_BEAT,
  LATE_MS,
} from '../shared/ring-layout.js';
import type { HeartReading } from './stall-watch.js';

export interface MainHeart {
  beat(): number;
  gcUs(): number;
  reading(): HeartReading;
}

/** @param nowMs the process's clock */
export function mainHeart(ring: SharedArrayBuffer, nowMs: () => number): MainHeart {
  const header = new Int32Array(ring, 0, HEADER_BYTES / 4);
  const beat = (): number => Atomics.load(header, HEARTBEAT);
  return {
    beat,
    gcUs: () => Atomics.load(header, GC_US),
    // The beat first: what goes with it was written before.
    reading: () => ({
      beat: beat(),
      dueMs: nearest(Atomics.load(header, BEAT_DUE), nowMs()),
      lateBeat: Atomics.load(header, LATE_BEAT),
      lateMs: Atomics.load(header, LATE_MS),
    }),
  };
}

/** The time nearest to `nowMs` that is `word` modulo 2^32. */
function nearest(word: number, nowMs: number): number {
  return nowMs + ((word - (nowMs | 0)) | 0);
}
