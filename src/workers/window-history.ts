/**
 * What rules need of hours, in a process that evaluates by itself: its requests by the minute for burn rates, its
 * memory by the minute for forecasts, and what it had dropped. Runs in the agent's worker, at the end of a window.
 * Bounded by the longest burn window, 360 minutes, and by an hour of each memory, of which each thread has one; a restart
 * begins anew, as one does for a service that is new to a collector.
 */
import { BURN_WINDOW_MS_MAX, BURNS, burnOf, failedShare } from '../alerts/burn-rate.js';
import { FORECAST_WINDOW_MS, forecastOf } from '../alerts/memory-forecast.js';
import type { Sample } from '../alerts/sample.js';
import type { Metric } from '../shared/metric.js';
import {
  CONTAINER_MEMORY_UTILIZATION,
  HTTP_SERVER_REQUEST_DURATION,
  SYSTEM_MEMORY_UTILIZATION,
  THREAD_SLOT,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../shared/metrics.js';
import type { GaugePoint } from '../transport/batch.js';
import type { BatchDraft } from '../transport/batch-draft.js';
import { meanOf } from './budget-watch.js';
import { groupedBy } from './grouped-by.js';
import { answeredIn } from './window-samples.js';

/** Metrics whose rules look at longer than a window. */
export const HISTORY_METRICS: ReadonlySet<string> = new Set([
  ...BURNS.map(({ metric }) => metric),
  'memory_forecast',
]);

export interface HistoryView {
  readonly service: string;
  readonly host: string;
  readonly errorBudget: number;
  /** Records that were lost before the first window: the accounts of a process outlive a worker that crashed. */
  readonly dropped: number;
}

const MINUTE_MS = 60_000;
type MemoryKind = 'host' | 'container' | 'heap';

interface Requests {
  readonly minute: number;
  calls: number;
  aborted: number;
  errors: number;
}

interface MemoryMinute {
  readonly minute: number;
  sum: number;
  count: number;
}

interface Memory {
  readonly kind: MemoryKind;
  /** Of a heap: of which thread; empty of the main thread. */
  readonly slot: string;
  /** In the unit of its minutes. */
  limit: number;
  minutes: MemoryMinute[];
}

export class WindowHistory {
  readonly #view: HistoryView;
  #requests: Requests[] = [];
  readonly #memory = new Map<string, Memory>();
  #dropped: number;

  constructor(view: HistoryView) {
    this.#view = view;
    this.#dropped = view.dropped;
  }

  /**
   * Takes a window in.
   * @param timeMs its end
   */
  samples(
    draft: Pick<BatchDraft, 'histograms' | 'gauges'> & {
      readonly ledger: Pick<BatchDraft['ledger'], 'dropped'>;
    },
    timeMs: number,
  ): Sample[] {
    // A window that ends with a minute belongs to it.
    const minute = Math.floor((timeMs - 1) / MINUTE_MS);
    this.#takeRequests(draft, minute);
    this.#takeMemory(draft, minute);
    return [
      ...this.#burns(minute, timeMs),
      ...this.#forecasts(timeMs),
      this.#drops(draft.ledger.dropped, timeMs),
    ];
  }

  #takeRequests({ histograms }: Pick<BatchDraft, 'histograms'>, minute: number): void {
    const points = histograms.filter(
      ({ series }) => series.name === HTTP_SERVER_REQUEST_DURATION.name,
    );
    let last = this.#requests.at(-1);
    if (last?.minute !== minute) {
      last = { minute, calls: 0, aborted: 0, errors: 0 };
      this.#requests.push(last);
    }
    const { calls, aborted, errors } = answeredIn(points);
    last.calls += calls;
    last.aborted += aborted;
    last.errors += errors;
    const oldest = minute - BURN_WINDOW_MS_MAX / MINUTE_MS;
    this.#requests = this.#requests.filter((one) => one.minute > oldest && one.minute <= minute);
  }

  #takeMemory({ gauges }: Pick<BatchDraft, 'gauges'>, minute: number): void {
    const of = ({ name }: Metric): GaugePoint[] =>
      gauges.filter(({ series }) => series.name === name);
    const [host, container] = [of(SYSTEM_MEMORY_UTILIZATION), of(CONTAINER_MEMORY_UTILIZATION)];
    if (host.length > 0) this.#takeMinute('host', '', minute, meanOf(host)).limit = 1;
    if (container.length > 0)
      this.#takeMinute('container', '', minute, meanOf(container)).limit = 1;
    const limits = groupedBy(of(V8JS_MEMORY_HEAP_LIMIT), slotOf);
    for (const [slot, points] of groupedBy(of(V8JS_MEMORY_HEAP_USED), slotOf)) {
      const heap = this.#takeMinute('heap', slot, minute, meanOf(points));
      const known = limits.get(slot);
      if (known !== undefined) heap.limit = meanOf(known);
    }
    const oldest = minute - FORECAST_WINDOW_MS / MINUTE_MS;
    for (const [key, memory] of this.#memory) {
      memory.minutes = memory.minutes.filter((one) => one.minute > oldest && one.minute <= minute);
      if (memory.minutes.length === 0) this.#memory.delete(key);
    }
  }

  #takeMinute(kind: MemoryKind, slot: string, minute: number, value: number): Memory {
    const key = `${kind} ${slot}`;
    const memory = this.#memory.get(key) ?? { kind, slot, limit: 0, minutes: [] };
    this.#memory.set(key, memory);
    const last = memory.minutes.at(-1);
    if (last?.minute === minute) {
      last.sum += value;
      last.count += 1;
    } else memory.minutes.push({ minute, sum: value, count: 1 });
    return memory;
  }

  #burns(minute: number, timeMs: number): Sample[] {
    const { service, errorBudget } = this.#view;
    const over = (windowMs: number): Omit<Requests, 'minute'> => {
      const sum = { calls: 0, aborted: 0, errors: 0 };
      for (const one of this.#requests) {
        if (one.minute <= minute - windowMs / MINUTE_MS) continue;
        sum.calls += one.calls;
        sum.aborted += one.aborted;
        sum.errors += one.errors;
      }
      return sum;
    };
    return BURNS.flatMap(({ metric, shortMs, longMs }) => {
      const short = over(shortMs);
      if (short.calls === 0) return [];
      const long = failedShare(short) > errorBudget ? over(longMs) : undefined;
      return [{ metric, service, attributes: {}, timeMs, ...burnOf(short, long, errorBudget) }];
    });
  }

  #forecasts(timeMs: number): Sample[] {
    const { service, host } = this.#view;
    return [...this.#memory.values()].flatMap(({ kind, slot, limit, minutes }) => {
      const points = minutes.map(({ minute, sum, count }) => ({
        timeMs: (minute + 1) * MINUTE_MS,
        value: sum / count,
      }));
      const forecast = forecastOf(points, timeMs, limit);
      if (forecast === undefined) return [];
      const thread = slot === '' ? {} : { [THREAD_SLOT]: slot };
      const of = { 'tachograph.memory': kind, ...thread };
      if (kind === 'heap') return [{ ...forecast, service, attributes: of }];
      return [{ ...forecast, service: '', attributes: { 'host.name': host, ...of } }];
    });
  }

  #drops(dropped: Readonly<Record<string, number>>, timeMs: number): Sample {
    const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    const value = Math.max(0, total - this.#dropped);
    this.#dropped = total;
    const { service } = this.#view;
    return { metric: 'ledger_drops', service, attributes: {}, value, count: null, timeMs };
  }
}

function slotOf({ series }: GaugePoint): string {
  return series.attributes.find(([name]) => name === THREAD_SLOT)?.[1] ?? '';
}
