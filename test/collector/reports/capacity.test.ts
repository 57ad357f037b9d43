import { expect, it } from 'vitest';
import type { QueryRequest } from '../../../src/collector/query/query-request.js';
import { createCalendar } from '../../../src/collector/reports/calendar.js';
import { capacityLines } from '../../../src/collector/reports/capacity.js';
import type { ReportSource } from '../../../src/collector/reports/report-source.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import type { Store } from '../../../src/collector/store/store.js';
import {
  SYSTEM_FILESYSTEM_UTILIZATION,
  THREAD_SLOT,
  V8JS_MEMORY_HEAP_LIMIT,
  V8JS_MEMORY_HEAP_USED,
} from '../../../src/shared/metrics.js';

const DAY_MS = 86_400_000;
const TO_MS = Date.UTC(2026, 10, 23);
const range = { fromMs: TO_MS - 28 * DAY_MS, toMs: TO_MS };
/** The mean of each day, up to so many days before the end. */
const days = (values: readonly number[], before = 0) =>
  values.map((mean, index) => ({
    timeMs: TO_MS - (values.length - index + before) * DAY_MS,
    ...{ mean, min: mean, max: mean, last: mean },
  }));
const disk = (host: string, points: ReturnType<typeof days>) => ({
  attributes: { 'host.name': host, 'system.filesystem.mountpoint': '/' },
  points,
});

function linesOf(groups: Readonly<Record<string, readonly object[]>>, asked: QueryRequest[] = []) {
  const query = async (request: QueryRequest) => {
    asked.push(request);
    return { groups: groups[request.metric] ?? [] };
  };
  const store = { query } as unknown as Store;
  const now = (): number => TO_MS;
  const source: ReportSource = {
    store,
    now,
    retention: RETENTION_DEFAULT,
    calendar: createCalendar('UTC'),
    evidence: {},
  };
  return capacityLines(source, undefined, range);
}

it('each disk of each machine has a line, as long as the machine is there', async () => {
  const lines = await linesOf({
    [SYSTEM_FILESYSTEM_UTILIZATION.name]: [
      disk('full', days([0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96])),
      disk('empty', days([0.1, 0.1, 0.1])),
      disk('gone', days([0.99, 0.99], 10)),
    ],
  });
  expect(lines.map(({ resource, now }) => [resource, now])).toEqual([
    ['disk space: full /', 0.96],
    ['disk space: empty /', 0.1],
  ]);
  expect(lines[0]?.daysToLimit).toBeCloseTo(4, 6);
});

it('the heap is that of the main thread, not the mean of all threads', async () => {
  const asked: QueryRequest[] = [];
  const lines = await linesOf(
    {
      [V8JS_MEMORY_HEAP_USED.name]: [{ attributes: {}, points: days([500]) }],
      [V8JS_MEMORY_HEAP_LIMIT.name]: [{ attributes: {}, points: days([1000]) }],
    },
    asked,
  );
  expect(lines).toMatchObject([{ resource: 'heap of a process', now: 0.5 }]);
  const heaps = asked.filter(({ metric }) => metric.startsWith('v8js.memory'));
  expect(heaps.map(({ where }) => where)).toEqual([[[THREAD_SLOT, '']], [[THREAD_SLOT, '']]]);
});
