/**
 * The worker's heart: one loop that drains the rings, closes windows, saves checkpoints and samples.
 * One timer for all of it, because wake-ups are what an idle agent costs.
 */
import {
  AGENT_RING_UTILIZATION,
  AGENT_SAMPLE_DURATION,
  AGENT_SERIES_COUNT,
} from '../shared/metrics.js';
import type { Options } from '../shared/options.js';
import type { Attributes } from '../transport/batch.js';
import type { BatchDraft } from '../transport/batch-draft.js';
import type { BudgetWatch } from './budget-watch.js';
import type { FindingLog } from './findings/finding-log.js';
import type { KeptTraces } from './kept-traces.js';
import type { Ledger } from './ledger.js';
import type { LibraryReport } from './library-report.js';
import type { MarkedEvents } from './marked-events.js';
import type { Outlet } from './outlet.js';
import type { DrainedAll, RingTable } from './ring-table.js';
import type { SelfCost } from './self-cost.js';
import type { StallLog } from './stall-log.js';
import type { SystemSampler } from './system/system-sampler.js';
import type { Window } from './window.js';

/**
 * Between drains at most: a wake-up costs 0.2 ms of CPU. More need not be polled, for a ring that fills
 * wakes the loop.
 */
const POLL_MS = 1000;
/** SIGKILL loses at most what came in the last second: what a drain finds is saved when this is over. */
const CHECKPOINT_INTERVAL_MS = 1000;
const SLOW_SAMPLE_INTERVAL_MS = 60_000;
/** A clock that is slewed gains or loses 1 s in half an hour; windows are shorter, and what is less harms none. */
const CLOCK_SET_MS_MIN = 1000;
/** No collector takes a longer window. A process that was stopped for days has been in one all the while. */
const WINDOW_MS_MAX = 86_400_000;

export interface RecordingParts {
  readonly options: Options;
  /** Monotonic, ms with fractions. */
  readonly nowMs: () => number;
  readonly window: Window;
  readonly rings: RingTable;
  readonly ledger: Ledger;
  readonly traces: KeptTraces;
  readonly findings: Pick<FindingLog, 'events' | 'reset'>;
  readonly marks: MarkedEvents;
  readonly budgets: BudgetWatch;
  readonly libraries: LibraryReport;
  readonly sampler: SystemSampler;
  readonly selfCost: SelfCost;
  readonly outlet: Outlet;
  readonly resource: Attributes;
  readonly agent: string;
  readonly boot: string;
  readonly stalls: Pick<StallLog, 'takeNews' | 'events' | 'reset'>;
  /** Called at each turn; returns in how many ms the next is wanted, at the latest. */
  readonly onTurn: () => number;
}

export class Recording {
  readonly #parts: RecordingParts;
  #timer: NodeJS.Timeout | undefined;
  #openedMs: number;
  /** Monotonic twin of `#openedMs`: a clock that jumps must not stretch the window. */
  #openedAtMs: number;
  #nextSampleAtMs: number;
  #nextSlowSampleAtMs: number;
  /** Long ago: what waited in the rings while this thread started is saved at once. */
  #checkpointAtMs = Number.NEGATIVE_INFINITY;
  /** Records of the application's own work, and news of stalls, since the last checkpoint. */
  #unsavedRecords = 0;
  #isFinished = false;

  constructor(parts: RecordingParts) {
    this.#parts = parts;
    const nowMs = parts.nowMs();
    this.#openedMs = Date.now();
    this.#openedAtMs = nowMs;
    this.#nextSampleAtMs = nowMs;
    this.#nextSlowSampleAtMs = nowMs;
  }

  start(): void {
    this.#parts.rings.listen(() => this.#turn());
    this.#turn();
  }

  /** Drains and closes the open window now; for the end of the process. */
  finish(): void {
    this.#isFinished = true;
    clearTimeout(this.#timer);
    this.#drain();
    this.#closeWindow();
  }

  #turn(): void {
    if (this.#isFinished) return;
    clearTimeout(this.#timer);
    const wantedMs = this.#parts.onTurn();
    const { fullest } = this.#drain();
    const nowMs = this.#parts.nowMs();
    if (nowMs >= this.#nextSampleAtMs) this.#sample(nowMs, fullest);
    if (nowMs >= this.#windowEndsAtMs()) this.#closeWindow();
    else if (this.#isCheckpointDue(nowMs)) this.#checkpoint(nowMs);
    this.#timer = setTimeout(() => this.#turn(), Math.min(wantedMs, this.#untilNextMs()));
  }

  /** Not past the end of the window, nor past the time when what is unsaved is due. */
  #untilNextMs(): number {
    const nowMs = this.#parts.nowMs();
    const untilEndMs = this.#windowEndsAtMs() - nowMs;
    const untilDueMs =
      this.#unsavedRecords > 0 ? this.#checkpointAtMs + CHECKPOINT_INTERVAL_MS - nowMs : POLL_MS;
    return Math.max(1, Math.min(POLL_MS, untilEndMs, untilDueMs));
  }

  #drain(): DrainedAll {
    const drained = this.#parts.rings.drain();
    this.#unsavedRecords += drained.foreground + this.#parts.stalls.takeNews();
    return drained;
  }

  /** Windows end at whole multiples of their length, so that processes agree on them. */
  #windowEndsAtMs(): number {
    const { windowMs } = this.#parts.options;
    return this.#openedAtMs + windowMs - (this.#openedMs % windowMs);
  }

  #closeWindow(): void {
    const { window, ledger, traces, findings, marks, stalls, budgets, libraries, outlet } =
      this.#parts;
    window.set(AGENT_SERIES_COUNT, window.seriesCount);
    const whole = this.#draft(ledger.nextSequence());
    const draft = {
      ...whole,
      events: [
        ...whole.events,
        ...budgets.breaches(whole, whole.closedMs),
        ...libraries.events(whole.histograms, whole.closedMs),
      ],
    };
    ledger.countBatched(draft.records);
    window.reset();
    traces.reset();
    findings.reset();
    marks.reset();
    stalls.reset();
    this.#openedMs = Date.now();
    this.#openedAtMs = this.#parts.nowMs();
    this.#checkpointAtMs = this.#openedAtMs;
    this.#unsavedRecords = 0;
    outlet.offer(draft);
  }

  /** Under the number that the finished batch will have: a receiver that gets both keeps one. */
  #checkpoint(nowMs: number): void {
    const { ledger, outlet } = this.#parts;
    this.#checkpointAtMs = nowMs;
    this.#unsavedRecords = 0;
    outlet.checkpoint(this.#draft(ledger.sequence + 1));
  }

  #isCheckpointDue(nowMs: number): boolean {
    // An idle process stays idle: samples of the runtime alone are not worth a write.
    return this.#unsavedRecords > 0 && nowMs - this.#checkpointAtMs >= CHECKPOINT_INTERVAL_MS;
  }

  #draft(sequence: number): BatchDraft {
    const { window, rings, ledger, traces, findings, marks, stalls, resource, agent, boot } =
      this.#parts;
    ledger.countOwn(window.takeOwnRecords());
    const inRings = rings.pending;
    const closedMs = Date.now();
    const openMs = Math.round(this.#parts.nowMs() - this.#openedAtMs);
    const durationMs = Math.min(Math.max(1, openMs), WINDOW_MS_MAX);
    return {
      identity: { agent, boot, sequence },
      resource,
      startMs: this.#startMs(closedMs - durationMs),
      durationMs,
      closedMs,
      records: ledger.inWindow,
      ...window.contents(),
      events: [...traces.events, ...findings.events, ...marks.events, ...stalls.events()],
      ledger: { recorded: ledger.recorded(inRings), dropped: ledger.dropped, outside: inRings },
    };
  }

  /**
   * When the clock was set while the window was open, its start is told by the clock of its end: whoever knows by
   * how much a clock is wrong corrects both times by it. Else as it was, a whole multiple but for a moment.
   */
  #startMs(byEndMs: number): number {
    const isSet = Math.abs(byEndMs - this.#openedMs) > CLOCK_SET_MS_MIN;
    return isSet ? Math.max(0, byEndMs) : this.#openedMs;
  }

  #sample(nowMs: number, fullest: number): void {
    const { options, sampler, selfCost, window, outlet } = this.#parts;
    this.#nextSampleAtMs = nowMs + options.sampleIntervalMs;
    const round = sampler.sampleFast();
    // A source that waits for another process is not the agent's time.
    if (!(round instanceof Promise)) {
      const spentUs = (this.#parts.nowMs() - nowMs) * 1000;
      window.observe(AGENT_SAMPLE_DURATION, spentUs, [['tier', 'fast']]);
    }
    if (nowMs >= this.#nextSlowSampleAtMs) {
      this.#nextSlowSampleAtMs = nowMs + SLOW_SAMPLE_INTERVAL_MS;
      void sampler.sampleSlow();
    }
    selfCost.sample();
    outlet.sample(window);
    window.set(AGENT_RING_UTILIZATION, fullest * AGENT_RING_UTILIZATION.scale);
  }
}
