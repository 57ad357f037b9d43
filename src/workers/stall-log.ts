/**
 * What blocked the main thread in the open window, as events. Runs in the agent's worker. A block that
 * goes on is told of in every window, under one id, and a last time when it is over. At most
 * CAPTURES_MAX a minute are looked into; of the others it is known how many there were and how long
 * they took, in one event a window.
 */
import {
  CODE_COLUMN,
  CODE_FILE,
  CODE_FUNCTION,
  CODE_LINE,
  CODE_STACK,
  STALL_APPROXIMATE,
  STALL_COUNT,
  STALL_DURATION,
  STALL_DURATION_MAX,
  STALL_EVENT,
  STALL_GC_DURATION,
  STALL_ID,
  STALL_STATE,
} from '../shared/stall-event.js';
import type { Attributes, BatchEvent } from '../transport/batch.js';
import type { Capture, CaptureStack } from './capture-stack.js';
import type { RecentStall, RecentStalls } from './recent-stalls.js';
import type { StallListener } from './stall-watch.js';

const CAPTURES_MAX = 6;
const CAPTURE_PERIOD_MS = 60_000;

interface Stall extends RecentStall {
  /** GC_US when it was noticed. */
  readonly gcBeforeUs: number;
  /** What went to garbage collection; known at the first look after its end. */
  gcMs: number | undefined;
  durationMs: number | undefined;
  /** Unix ms. */
  endedMs: number;
  capture: Capture | undefined;
  /** An earlier batch has it already. */
  isKnown: boolean;
}

export interface StallLogParts {
  readonly recent: RecentStalls;
  readonly capture: CaptureStack;
  /** GC_US of the main thread's ring. */
  readonly readGcUs: () => number;
  /** The process's clock. */
  readonly nowMs: () => number;
  /** Unix ms. */
  readonly wallMs: () => number;
  /** Called when a block is not looked into because an inspector is open. */
  readonly onInspected: () => void;
}

export class StallLog implements StallListener {
  readonly #parts: StallLogParts;
  /** Those of the open window, by beat. Bounded by CAPTURES_MAX, and the last one. */
  readonly #stalls = new Map<number, Stall>();
  readonly #capturesMs: number[] = [];
  #others = { count: 0, sumMs: 0, maxMs: 0, endedMs: 0 };
  #news = 0;

  constructor(parts: StallLogParts) {
    this.#parts = parts;
  }

  onBegin(beat: number, overdueMs: number): void {
    const { nowMs, readGcUs } = this.#parts;
    const stall: Stall = {
      beat,
      startedMs: nowMs() - overdueMs,
      gcBeforeUs: readGcUs(),
      gcMs: undefined,
      durationMs: undefined,
      endedMs: 0,
      capture: undefined,
      isKnown: false,
    };
    this.#stalls.set(beat, stall);
    this.#parts.recent.add(stall);
    if (this.#mayCapture()) void this.#look(stall);
    else stall.capture = { state: 'missed' };
  }

  onEnd(beat: number, durationMs: number | undefined): void {
    const stall = this.#stalls.get(beat);
    if (stall === undefined) return;
    if (durationMs === undefined) {
      this.#stalls.delete(beat);
      this.#parts.recent.drop(stall);
      return;
    }
    stall.durationMs = durationMs;
    stall.endedMs = this.#parts.wallMs();
    this.#news += 1;
  }

  onMissed(durationMs: number): void {
    const { count, sumMs, maxMs } = this.#others;
    this.#others = {
      count: count + 1,
      sumMs: sumMs + durationMs,
      maxMs: Math.max(maxMs, durationMs),
      endedMs: this.#parts.wallMs(),
    };
    this.#news += 1;
  }

  /** How much there is to tell that there was not at the last call. Called at each turn. */
  takeNews(): number {
    for (const stall of this.#stalls.values()) {
      if (stall.durationMs === undefined) continue;
      // Not at the end itself: the runtime tells of collections a turn later.
      stall.gcMs ??= this.#gcMs(stall);
      if (stall.capture?.state !== 'missed' || stall.isKnown) continue;
      this.#stalls.delete(stall.beat);
      // What this thread was held up may be all there was of it.
      if (stall.durationMs > 0) this.onMissed(stall.durationMs);
    }
    const news = this.#news;
    this.#news = 0;
    return news;
  }

  /** What is known now of the blocks of the open window. */
  events(): BatchEvent[] {
    const events = [...this.#stalls.values()]
      .filter(({ capture }) => capture?.state !== 'inspected')
      .map((stall) => this.#eventOf(stall));
    const { count, sumMs, maxMs, endedMs } = this.#others;
    if (count === 0) return events;
    const attributes: Attributes = [
      [STALL_COUNT, String(count)],
      [STALL_DURATION, seconds(sumMs)],
      [STALL_DURATION_MAX, seconds(maxMs)],
      [STALL_STATE, 'ended'],
    ];
    return [...events, { timeMs: endedMs, name: STALL_EVENT, attributes }];
  }

  /** Begins a new window: what goes on goes on in it. */
  reset(): void {
    for (const stall of this.#stalls.values()) {
      if (stall.durationMs === undefined) stall.isKnown = true;
      else this.#stalls.delete(stall.beat);
    }
    this.#others = { count: 0, sumMs: 0, maxMs: 0, endedMs: 0 };
  }

  #mayCapture(): boolean {
    const nowMs = this.#parts.nowMs();
    const oldestMs = this.#capturesMs.at(-CAPTURES_MAX);
    if (oldestMs !== undefined && nowMs - oldestMs < CAPTURE_PERIOD_MS) return false;
    this.#capturesMs.push(nowMs);
    if (this.#capturesMs.length > CAPTURES_MAX) this.#capturesMs.shift();
    return true;
  }

  async #look(stall: Stall): Promise<void> {
    stall.capture = await this.#parts.capture(stall.beat);
    if (stall.capture.state === 'inspected') this.#parts.onInspected();
    this.#news += 1;
  }

  #gcMs({ gcBeforeUs }: Stall): number {
    return ((this.#parts.readGcUs() - gcBeforeUs) >>> 0) / 1000;
  }

  #eventOf(stall: Stall): BatchEvent {
    const { nowMs, wallMs } = this.#parts;
    const { beat, capture, durationMs = nowMs() - stall.startedMs } = stall;
    const isOver = stall.durationMs !== undefined;
    const gcMs = isOver ? Math.min(durationMs, stall.gcMs ?? this.#gcMs(stall)) : 0;
    const attributes: [string, string][] = [
      [STALL_DURATION, seconds(durationMs)],
      [STALL_ID, String(beat)],
      [STALL_STATE, isOver ? 'ended' : 'ongoing'],
    ];
    if (gcMs >= 1) attributes.push([STALL_GC_DURATION, seconds(gcMs)]);
    if (capture?.state === 'caught') {
      const { place, isApproximate } = capture;
      attributes.push(
        [CODE_FUNCTION, place.function],
        [CODE_FILE, place.file],
        [CODE_LINE, String(place.line)],
        [CODE_COLUMN, String(place.column)],
        [CODE_STACK, place.stack],
      );
      if (isApproximate) attributes.push([STALL_APPROXIMATE, 'true']);
    }
    attributes.sort(([a], [b]) => (a < b ? -1 : 1));
    return { timeMs: Math.round(isOver ? stall.endedMs : wallMs()), name: STALL_EVENT, attributes };
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
