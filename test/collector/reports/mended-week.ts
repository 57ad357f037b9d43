/**
 * A collector with a day and a half of a week in which an N+1 was there for six hours and then mended, and in which
 * pages sent the beacon: hour by hour through the real ingest, with the collector's hourly look at what was
 * recommended after each. The clock, and the timers that repeat, are the test's.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { vi } from 'vitest';
import { findingEvent } from '../../../src/transport/finding-event.js';
import { makeView, post, type Running, startTaking } from '../beacon/make-view.js';
import { HOUR_MS, makeBatch, send } from '../make-batch.js';

/** Monday of 2026-W47. */
const MONDAY_MS = Date.UTC(2026, 10, 16);
export const FAULTY_HOURS = 6;
/** A day of checks without the fault, and one. */
const MENDED_HOURS = 25;
export const REQUESTS = 40;
export const FAULTY_US = 390_000;
export const MENDED_US = 50_000;
const VIEWS = 30;

/** @param afterHour called at the end of each, with its number from 0 */
export async function playMendedWeek(
  afterHour: (running: Running, hour: number) => Promise<void> = async () => {},
): Promise<Running> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  let nowMs = MONDAY_MS;
  const running = await startTaking({
    now: () => nowMs,
    monotonicMs: () => nowMs,
    reports: { zone: 'UTC' },
  });
  const book = join(running.folder, 'recommendations.json');
  for (let hour = 0; hour < FAULTY_HOURS + MENDED_HOURS; hour++) {
    const startMs = nowMs;
    nowMs += HOUR_MS;
    const isFaulty = hour < FAULTY_HOURS;
    const batch = makeBatch({
      startMs,
      closedMs: nowMs,
      sequence: hour + 1,
      routes: {
        '/orders': Array.from({ length: REQUESTS }, () => (isFaulty ? FAULTY_US : MENDED_US)),
      },
      events: isFaulty ? [fault(nowMs - 1000)] : [],
    });
    const answer = await send(running.url, { ...batch, durationMs: HOUR_MS });
    if (!answer.ok) throw new Error(`refused: ${await answer.text()}`);
    if (hour === FAULTY_HOURS) await sendViews(running.url);
    const before = statSync(book, { throwIfNoEntry: false })?.mtimeMs;
    vi.advanceTimersByTime(HOUR_MS);
    while (statSync(book, { throwIfNoEntry: false })?.mtimeMs === before) await setTimeout(5);
    await afterHour(running, hour);
  }
  vi.useRealTimers();
  return running;
}

function fault(timeMs: number): ReturnType<typeof findingEvent> {
  return findingEvent(
    {
      kind: 'n_plus_one',
      attributes: { 'http.request.method': 'GET', 'http.route': '/orders' },
      system: 'postgresql',
      query: 'SELECT id FROM lines WHERE order_id = $1',
      parentQuery: 'SELECT id FROM orders WHERE customer_id = $1',
      requests: REQUESTS,
      calls: 20 * REQUESTS,
      totalUs: 0.35e6 * REQUESTS,
      wastedUs: 0.34e6 * REQUESTS,
      rows: 20 * REQUESTS,
      errorType: undefined,
      confidence: 'high',
      place: { file: 'orders/list.js', line: 12, function: 'list', stack: '' },
      orm: undefined,
      traceId: undefined,
    },
    timeMs,
  );
}

/** Four in five within every limit but one: pages that move too much. */
async function sendViews(url: string): Promise<void> {
  for (let i = 0; i < VIEWS; i++) {
    const vitals = { LCP: i % 5 === 0 ? 5000 : 1500, CLS: 0.4, FCP: 900, TTFB: 200, INP: 120 };
    const answer = await post(url, makeView({ vitals }));
    if (answer.status !== 204) throw new Error(`refused: ${await answer.text()}`);
  }
}
