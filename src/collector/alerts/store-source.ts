/**
 * Where the collector's alerts get their samples: questions to the store, of the minute before now, and of what
 * moves slowly once a minute. Runs on the collector's
 * main thread; heavy questions go to the query pool as anybody's do.
 */
import type { Alert } from '../../alerts/alert.js';
import type { AlertSettings } from '../../alerts/alert-settings.js';
import type { Look, SampleSource } from '../../alerts/evaluator.js';
import type { Sample } from '../../alerts/sample.js';
import { chooseGrid } from '../query/choose-level.js';
import { DAY_MS } from '../store/data-folder.js';
import type { ViewSource } from '../views/view-request.js';
import { budgetSamples, type SettingsByService, settingsByService } from './budget-samples.js';
import {
  type Drops,
  diskSamples,
  dropSamples,
  SILENCE_METRIC,
  silenceSamples,
} from './collector-samples.js';
import { explainAlert } from './explain-alert.js';
import { type HistoryRange, historySamples, type LeftOut } from './history-samples.js';
import { forecastSamples, hostSamples } from './host-samples.js';
import { SampleList } from './sample-list.js';
import { burnSamples, requestSamples } from './service-samples.js';
import { type Range, recentRange } from './stats-by-time.js';

const WINDOW_MS = 60_000;
const SLOW_MS = 60_000;
/** Rows of the store are so wide, and begin at whole multiples of it. */
const ROW_MS = 10_000;
/** Processes of which nothing was heard for longer say nothing of now. A store of a year may know a million. */
const KNOWN_MS = 7 * DAY_MS;

export interface StoreSourceParts extends ViewSource {
  readonly settings: AlertSettings;
  /** Of the data, for its disk. */
  readonly folder: string;
  readonly startedMs: number;
  /** Of one look, and of one replay. */
  readonly samplesMax?: number | undefined;
}

/** What is compared with at the next look. */
interface Memory {
  readonly slowMs?: number;
  readonly drops?: Drops;
}

export class StoreSource implements SampleSource {
  readonly #parts: StoreSourceParts;
  readonly #wanted: ReadonlySet<string>;
  /** For how long a service may be silent. */
  readonly #silenceMs: number;
  #settings: SettingsByService = new Map();
  #hasSettings = false;

  constructor(parts: StoreSourceParts) {
    this.#parts = parts;
    const { rules } = parts.settings;
    this.#wanted = new Set(rules.map(({ metric }) => metric));
    const silence = rules.find(({ metric }) => metric === SILENCE_METRIC);
    this.#silenceMs = (silence?.threshold ?? 0) * 1000;
  }

  async look(nowMs: number, text: string): Promise<Look> {
    const memory = JSON.parse(text) as Memory;
    const toMs = Math.floor(nowMs / ROW_MS) * ROW_MS;
    const isSlow = nowMs - (memory.slowMs ?? 0) >= SLOW_MS || nowMs < (memory.slowMs ?? 0);
    const slow = isSlow ? await this.#slow(nowMs, toMs, memory) : { samples: [], memory };
    const range = recentRange(toMs - WINDOW_MS, toMs);
    const samples = new SampleList(this.#parts.samplesMax);
    if (!this.#hasSettings) await this.#readSettings(nowMs - KNOWN_MS);
    await this.#fast(range, samples);
    samples.add(slow.samples);
    return { samples: samples.all, memory: JSON.stringify(slow.memory) };
  }

  /**
   * The same of history: of every step of a range, as far as what is kept tells it.
   * @throws {TooManySamplesError} when they are more than a list holds.
   */
  async over(
    range: HistoryRange,
  ): Promise<{ readonly samples: readonly Sample[]; readonly leftOut: readonly LeftOut[] }> {
    const instances = await this.#readSettings();
    const samples = new SampleList(this.#parts.samplesMax);
    // Day by day: of all the processes of a longer range only the largest would be told.
    for (let fromMs = range.fromMs; fromMs < range.toMs; ) {
      const toMs = Math.min(range.toMs, (Math.floor(fromMs / DAY_MS) + 1) * DAY_MS);
      await this.#fast({ ...range, fromMs, toMs }, samples);
      fromMs = toMs;
    }
    const leftOut = await historySamples(this.#parts, range, this.#wanted, instances, samples);
    return { samples: samples.all, leftOut };
  }

  /** A step no finer than the rows that are kept of the range. */
  stepMsOf(range: { readonly fromMs: number; readonly toMs: number }, stepMs: number): number {
    const { retention, now } = this.#parts;
    return chooseGrid(range, stepMs, retention, now()).stepMs ?? stepMs;
  }

  explain(alert: Alert): Promise<readonly string[]> {
    return explainAlert(this.#parts, alert);
  }

  async #fast(range: Range, samples: SampleList): Promise<void> {
    if (this.#wants('response_time', 'error_rate')) {
      await requestSamples(this.#parts, range, samples);
    }
    if (this.#wants('cpu', 'memory')) samples.add(await hostSamples(this.#parts, range));
    await budgetSamples(this.#parts, range, this.#wanted, this.#settings, samples);
  }

  async #slow(
    nowMs: number,
    toMs: number,
    { drops: before }: Memory,
  ): Promise<{ samples: readonly Sample[]; memory: Memory }> {
    const { store, settings, folder, startedMs } = this.#parts;
    const instances = await this.#readSettings(nowMs - KNOWN_MS);
    const accounts = await store.ledger(undefined, nowMs - KNOWN_MS);
    const samples = new SampleList();
    const listening = { startedMs, nowMs, limitMs: this.#silenceMs };
    samples.add(silenceSamples(instances, accounts, listening));
    const lost = dropSamples(accounts, before, nowMs);
    samples.add([...lost.samples, ...(await diskSamples(folder, nowMs))]);
    if (this.#wants('memory_forecast')) await forecastSamples(this.#parts, [toMs], samples);
    if (this.#wants('error_budget_1h', 'error_budget_6h')) {
      samples.add(await burnSamples(this.#parts, toMs, settings.errorBudget));
    }
    return { samples: samples.all, memory: { slowMs: nowMs, drops: lost.drops } };
  }

  async #readSettings(sinceMs?: number): ReturnType<ViewSource['store']['instances']> {
    const instances = await this.#parts.store.instances(undefined, sinceMs);
    this.#settings = settingsByService(instances);
    this.#hasSettings = true;
    return instances;
  }

  #wants(...metrics: readonly string[]): boolean {
    return metrics.some((metric) => this.#wanted.has(metric));
  }
}
