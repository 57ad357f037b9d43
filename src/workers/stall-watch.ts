/**
 * Notices when the main thread stops turning for longer than the threshold, and when it turns again.
 * Runs in the agent's worker, at its turns.
 *
 * It looks when the beat that it knows to be due is overdue by the threshold, and otherwise not: at a thread
 * that idles, which beats once a second, once a second; at one that works, which beats every 50 ms, every
 * 150. So a block is noticed when it has lasted for the threshold, and watching costs nothing while nothing
 * happens. Of a thread at rest a block is noticed if it lasts over its next beat, due within a second.
 */

export interface HeartReading {
  /** Grows with each beat. */
  readonly beat: number;
  /** When the next one is due, in ms of the process's clock. */
  readonly dueMs: number;
  /** The beat after which the thread stood still when it last came too late, and by how much. */
  readonly lateBeat: number;
  readonly lateMs: number;
}

export interface StallListener {
  /** The thread stands since beat number `beat`, and has been overdue for `overdueMs`. */
  onBegin(beat: number, overdueMs: number): void;
  /** It turns again. Undefined: the thread did not say how long it took, because it was inspected. */
  onEnd(beat: number, durationMs: number | undefined): void;
  /** It was blocked between two looks. */
  onMissed(durationMs: number): void;
}

/** While it is blocked; the end is told by the thread itself, but the next block is not to be missed. */
const BLOCKED_LOOK_MS = 100;
/** A look that comes later than planned by more was held up: by a stop of the process, or its machine. */
const HELD_UP_MS = 50;
/** How much longer a thread that was held up, too, may take to beat. */
const RECOVERY_MS = 100;

/** Returns the look, to be called at each turn; it returns in how many ms it wants to be called again. */
export function createStallWatch(
  readHeart: () => HeartReading,
  nowMs: () => number,
  thresholdMs: number,
  listener: StallListener,
): () => number {
  let lastLateBeat = readHeart().lateBeat;
  let lastBeat: number | undefined;
  let lastDueMs = Number.POSITIVE_INFINITY;
  let openBeat: number | undefined;
  let openOverdueMs = 0;
  let plannedMs = Number.POSITIVE_INFINITY;
  /** Since the next beat is due, how long this thread was held up: as long, the main thread was, too. */
  let heldUpMs = 0;

  const neededMs = (heldMs: number): number => thresholdMs + (heldMs > 0 ? RECOVERY_MS : 0);

  /** What `heart` tells of blocks that are over. */
  const settle = ({ beat, lateBeat, lateMs }: HeartReading, heldMs: number): void => {
    const durationMs = Math.max(0, lateMs - heldMs);
    const isTold = lateBeat !== lastLateBeat;
    // It is written before the beat that it announces: until that is seen, the word is left for the next look.
    const isOver = lateBeat < beat;
    if (openBeat !== undefined && beat !== openBeat) {
      // Where the next block has taken the word already, what was seen of this one has to do.
      const seenMs = lateBeat === openBeat ? durationMs : openOverdueMs;
      listener.onEnd(openBeat, isTold ? seenMs : undefined);
    }
    if (isTold && isOver && lateBeat !== openBeat && durationMs >= neededMs(heldMs)) {
      listener.onMissed(durationMs);
    }
    if (beat !== openBeat) openBeat = undefined;
    if (isOver) lastLateBeat = lateBeat;
  };

  return () => {
    const lookMs = nowMs();
    const isHeldUp = lookMs - plannedMs > HELD_UP_MS;
    const heldSince = (dueMs: number): number =>
      isHeldUp ? Math.max(0, lookMs - Math.max(plannedMs, dueMs)) : 0;
    const heart = readHeart();
    settle(heart, heldUpMs + heldSince(lastDueMs));
    heldUpMs = (heart.beat === lastBeat ? heldUpMs : 0) + heldSince(heart.dueMs);
    lastBeat = heart.beat;
    lastDueMs = heart.dueMs;
    const overdueMs = lookMs - heart.dueMs - heldUpMs;
    const missingMs = neededMs(heldUpMs) - overdueMs;
    if (openBeat === undefined && missingMs <= 0) {
      openBeat = heart.beat;
      openOverdueMs = 0;
      listener.onBegin(heart.beat, overdueMs);
    }
    // The beat that ends it is written after the time at which the next is due, which is not overdue.
    openOverdueMs = Math.max(openOverdueMs, overdueMs);
    const askedMs = openBeat === undefined ? Math.max(1, missingMs) : BLOCKED_LOOK_MS;
    plannedMs = lookMs + askedMs;
    return askedMs;
  };
}
