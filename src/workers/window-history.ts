/**
 * What rules need of hours, in a process that evaluates by itself: its requests by the minute for burn rates, its
 * memory by the minute for forecasts, and what it had dropped. Runs in the agent's worker, at the end of a window.
 * Bounded by the longest burn window, 360 minutes, and by an hour of each memory; a restart begins anew, as one
 * does for a service that is new to a collector.
 */
import { BURN_WINDOW_MS_MAX, BURNS, burnOf, failedShare } from '../alerts/burn-rate.js';
import { FORECAST_WINDOW_MS, forecastOf } from '../alerts/memory-forecast.js';
import type { Sample } from '../alerts/sample.js';
import type { Metric } from '../shared/metric.js';
import {
  CONTAINER_MEMORY_UTILIZATION,
  HTTP_SERVER_REQUEST_DURATION,
  SYSTEM_MEMORY_UTILIZATION,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../shared/metrics.js';
import type { BatchDraft } from '../transport/batch-draft.js';
import { meanOf } from './budget-watch.js';
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

export class WindowHistory {
  readonly #view: HistoryView;
  #requests: Requests[] = [];
  readonly #memory = new Map<MemoryKind, MemoryMinute[]>();
  #heapLimit = 0;
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
    const mean = ({ name }: Metric): number | undefined => {
      const points = gauges.filter(({ series }) => series.name === name);
      return points.length === 0 ? undefined : meanOf(points);
    };
    this.#heapLimit = mean(V8JS_MEMORY_HEAP_LIMIT) ?? this.#heapLimit;
    const values: readonly (readonly [MemoryKind, number | undefined])[] = [
      ['host', mean(SYSTEM_MEMORY_UTILIZATION)],
      ['container', mean(CONTAINER_MEMORY_UTILIZATION)],
      ['heap', mean(V8JS_MEMORY_HEAP_USED)],
    ];
    for (const [kind, value] of values) {
      if (value === undefined) continue;
      const minutes = this.#memory.get(kind) ?? [];
      const last = minutes.at(-1);
      if (last?.minute === minute) {
        last.sum += value;
        last.count += 1;
      } else minutes.push({ minute, sum: value, count: 1 });
      const oldest = minute - FORECAST_WINDOW_MS / MINUTE_MS;
      this.#memory.set(
        kind,
        minutes.filter((one) => one.minute > oldest && one.minute <= minute),
      );
    }
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
    return [...this.#memory].flatMap(([kind, minutes]) => {
      const points = minutes.map(({ minute, sum, count }) => ({
        timeMs: (minute + 1) * MINUTE_MS,
        value: sum / count,
      }));
      const forecast = forecastOf(points, timeMs, kind === 'heap' ? this.#heapLimit : 1);
      if (forecast === undefined) return [];
      const of = { 'tachograph.memory': kind };
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
