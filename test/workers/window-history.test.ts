/** Windows of one process as rules of hours see them: points as the worker's window makes them, the time set by the test. */
import { expect, it } from 'vitest';
import type { Sample } from '../../src/alerts/sample.js';
import {
  HTTP_SERVER_REQUEST_DURATION,
  SYSTEM_MEMORY_UTILIZATION,
  THREAD_SLOT,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../../src/shared/metrics.js';
import { Window } from '../../src/workers/window.js';
import { WindowHistory } from '../../src/workers/window-history.js';

const T0 = Date.UTC(2026, 10, 23, 12);
const WINDOW_MS = 10_000;
const MINUTE = 6;

type Fill = (window: Window, index: number) => void;

/** The samples of the last of so many windows of 10 s. */
function live(history: WindowHistory, windows: number, fill: Fill, from = 0): Sample[] {
  let samples: Sample[] = [];
  for (let i = from; i < from + windows; i++) {
    const window = new Window({ digits: 2, seriesMax: 100 });
    fill(window, i);
    const contents = window.contents();
    const ledger = { dropped: { 'ring-full': i >= 4 ? 7 : 0 } };
    samples = history.samples({ ...contents, ledger }, T0 + (i + 1) * WINDOW_MS);
  }
  return samples;
}
const history = (dropped = 0): WindowHistory =>
  new WindowHistory({ service: 'shop', host: 'web-1', errorBudget: 0.001, dropped });
const of = (samples: readonly Sample[], metric: string): Sample | undefined =>
  samples.find((sample) => sample.metric === metric);
const requests =
  (good: number, bad: number): Fill =>
  (window) => {
    for (const [status, count] of [
      ['2xx', good],
      ['5xx', bad],
    ] as const) {
      for (let i = 0; i < count; i++) {
        window.observe(HTTP_SERVER_REQUEST_DURATION, 5000, [
          ['http.response.status_class', status],
        ]);
      }
    }
  };

it('errors burn the budget by the smaller of both windows', () => {
  const one = history();
  live(one, 50 * MINUTE, requests(10, 0));
  const burning = live(one, 5 * MINUTE, requests(9, 1), 50 * MINUTE);
  // A tenth of five minutes in fifty-five, over a thousandth.
  expect(of(burning, 'error_budget_1h')).toMatchObject({ service: 'shop', count: 3300 });
  expect(of(burning, 'error_budget_1h')?.value).toBeCloseTo(30 / 3300 / 0.001, 6);
  const after = live(one, 5 * MINUTE, requests(10, 0), 55 * MINUTE);
  expect(of(after, 'error_budget_1h')?.value).toBe(0);
  expect(of(after, 'error_budget_6h')?.value).toBeGreaterThan(6);
});

it('that errors burn no more is told of few requests, too', () => {
  const one = history();
  live(one, 60 * MINUTE, requests(1, 1));
  const after = live(one, 6 * MINUTE, requests(1, 0), 60 * MINUTE);
  expect(of(after, 'error_budget_1h')).toMatchObject({ value: 0, count: null });
});

it('requests of more than six hours ago burn nothing', () => {
  const one = history();
  live(one, MINUTE, requests(0, 100));
  const after = live(one, 1, requests(0, 1), 361 * MINUTE);
  expect(of(after, 'error_budget_6h')).toMatchObject({ count: 1 });
});

it('memory that grows steadily is foretold, of the host and of the heap', () => {
  const one = history();
  const samples = live(one, 45 * MINUTE, (window, i) => {
    window.set(SYSTEM_MEMORY_UTILIZATION, (0.3 + i * 0.001) * SYSTEM_MEMORY_UTILIZATION.scale);
    window.set(V8JS_MEMORY_HEAP_USED, 500e6);
    window.set(V8JS_MEMORY_HEAP_LIMIT, 1e9);
  });
  const forecasts = samples.filter(({ metric }) => metric === 'memory_forecast');
  expect(forecasts).toMatchObject([
    { service: '', attributes: { 'host.name': 'web-1', 'tachograph.memory': 'host' } },
  ]);
  expect(forecasts[0]?.value).toBeGreaterThan(100);
  expect(forecasts[0]?.note).toMatch(/57 % now; full in about 1\.2 h/);
});

it('the heap of a thread is foretold by itself, whatever those of others are', () => {
  const one = history();
  const samples = live(one, 45 * MINUTE, (window, i) => {
    window.set(V8JS_MEMORY_HEAP_USED, 300e6 + i * 2e6);
    window.set(V8JS_MEMORY_HEAP_LIMIT, 1e9);
    window.set(V8JS_MEMORY_HEAP_USED, 40e6, [[THREAD_SLOT, '1']]);
    window.set(V8JS_MEMORY_HEAP_LIMIT, 4e9, [[THREAD_SLOT, '1']]);
  });
  const forecasts = samples.filter(({ metric }) => metric === 'memory_forecast');
  expect(forecasts.map(({ attributes }) => attributes)).toEqual([{ 'tachograph.memory': 'heap' }]);
  expect(forecasts[0]?.note).toMatch(/^8\d % now/);
});

it('drops are those since the window before', () => {
  const one = history();
  expect(of(live(one, 4, requests(1, 0)), 'ledger_drops')?.value).toBe(0);
  expect(of(live(one, 1, requests(1, 0), 4), 'ledger_drops')?.value).toBe(7);
  expect(of(live(one, 1, requests(1, 0), 5), 'ledger_drops')?.value).toBe(0);
});

it('drops of before it began to look are not told again, and those since are', () => {
  const after = history(7);
  expect(of(live(after, 1, requests(1, 0), 4), 'ledger_drops')?.value).toBe(0);
  const since = history(3);
  expect(of(live(since, 1, requests(1, 0), 4), 'ledger_drops')?.value).toBe(4);
});
