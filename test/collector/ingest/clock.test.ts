/** Promise P10: the collector's clock is the one that counts, and a day ahead is refused. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clockErrorOf, correctClock } from '../../../src/collector/ingest/correct-clock.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { quietLog } from '../../support/quiet-log.js';
import { DAY_MS, HOUR_MS, makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const MIDNIGHT = Date.UTC(2026, 10, 23);

const log = quietLog();
let folder: string;
let collector: Collector;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  nowMs = NOW;
});
afterEach(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<string> {
  collector = await startCollector({ folder, port: 0, queryThreads: 0, now: () => nowMs, log });
  return collector.url;
}

/** Sends what a machine makes whose clock is `aheadMs` ahead, `waitedMs` after its window. */
async function sendFrom(url: string, aheadMs: number, waitedMs = 0, sequence = 1) {
  const closedMs = nowMs + aheadMs - waitedMs;
  const batch = makeBatch({
    startMs: closedMs - 10_000,
    sequence,
    routes: { '/a': [1000] },
    events: [{ timeMs: closedMs - 5000, name: 'stall', attributes: [] }],
  });
  const headers = { 'tachograph-sent': String(nowMs + aheadMs) };
  return await send(url, batch, { headers });
}

/** Starts of the windows that are stored, less now. */
async function windows(url: string): Promise<number[]> {
  const query = `${url}/v1/query?metric=http.server.request.duration&from=-13d&to=${nowMs + DAY_MS}`;
  const body = (await (await fetch(query)).json()) as { dataFromMs: number; dataToMs: number };
  return [body.dataFromMs - nowMs, body.dataToMs - nowMs];
}

describe('a sender whose clock is wrong', () => {
  it.each([
    ['an hour ahead', HOUR_MS, 0],
    ['23 hours ahead', 23 * HOUR_MS, 0],
    ['three days behind', -3 * DAY_MS, 0],
    ['an hour behind, of a batch that waited for two in a spool', -HOUR_MS, 2 * HOUR_MS],
  ])('by %s has its windows and events where they belong', async (_name, aheadMs, waitedMs) => {
    const url = await start();
    expect((await sendFrom(url, aheadMs, waitedMs)).status).toBe(200);
    expect(await windows(url)).toEqual([-10_000 - waitedMs, 0 - waitedMs]);
    const { events } = (await (await fetch(`${url}/v1/events?from=-13d`)).json()) as {
      events: { timeMs: number }[];
    };
    expect(events[0]!.timeMs - nowMs).toBe(-5000 - waitedMs);
    const { instances } = (await (await fetch(`${url}/v1/instances`)).json()) as {
      instances: { skewMs: number; lastSeenMs: number }[];
    };
    expect(instances[0]).toMatchObject({ skewMs: -aheadMs || 0, lastSeenMs: nowMs });
  });

  it('by less than half a minute is left as it is: that may be transfer', async () => {
    const url = await start();
    expect((await sendFrom(url, -29_000)).status).toBe(200);
    expect(await windows(url)).toEqual([-39_000, -29_000]);
  });

  it('by more than a day ahead is refused, and told which clock to set', async () => {
    const url = await start();
    const answer = await sendFrom(url, DAY_MS + 60_000);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual({
      error: {
        code: 'in_the_future',
        message: expect.stringContaining('got 24 h. Set the clock of one of the two machines'),
      },
    });
  });

  it('only when it sends, by days, is refused until it is set, and keeps its window', async () => {
    const url = await start();
    const batch = makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1] } });
    const sendAt = (sentMs: number): Promise<Response> =>
      send(url, batch, { headers: { 'tachograph-sent': String(sentMs) } });
    const answer = await sendAt(NOW + 3 * DAY_MS);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({
      error: { code: 'in_the_future', message: expect.stringContaining('got 72 h') },
    });
    expect((await sendAt(NOW)).status).toBe(200);
    expect(await windows(url)).toEqual([-10_000, 0]);
  });

  it('and falls back to 1970 after it closed its window has that window where it was', async () => {
    const url = await start();
    const batch = makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1] } });
    const headers = { 'tachograph-sent': '5000' };
    expect((await send(url, batch, { headers })).status).toBe(200);
    expect(await windows(url)).toEqual([-10_000, 0]);
  });

  it('and is set back by a few seconds after it closed its window is corrected all the same', async () => {
    const url = await start();
    const closedMs = NOW - HOUR_MS;
    const batch = makeBatch({ startMs: closedMs - 10_000, routes: { '/a': [1] } });
    const headers = { 'tachograph-sent': String(closedMs - 5000) };
    expect((await send(url, batch, { headers })).status).toBe(200);
    expect(await windows(url)).toEqual([-10_000, 0]);
  });

  it('that says it sent at the beginning of time does not write into the future', async () => {
    const url = await start();
    const batch = makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1] } });
    for (const sent of ['0', '999999999999999', '-1', '1e3', 'now', '']) {
      const { status } = await send(url, batch, { headers: { 'tachograph-sent': sent } });
      expect([200, 422]).toContain(status);
    }
    expect((await windows(url))[0]).toBe(-10_000);
  });

  it('and that does not say when it sent is corrected as far as it cannot be right', async () => {
    const url = await start();
    const ahead = makeBatch({ startMs: NOW + HOUR_MS - 10_000, routes: { '/a': [1] } });
    expect((await send(url, ahead)).status).toBe(200);
    expect(await windows(url)).toEqual([-10_000, 0]);
    const late = makeBatch({ startMs: NOW - HOUR_MS, sequence: 2, routes: { '/a': [1] } });
    expect((await send(url, late)).status).toBe(200);
    expect(await windows(url)).toEqual([-HOUR_MS, 0]);
  });

  it('and is set between two deliveries of a batch does not make it two, over midnight and a restart', async () => {
    nowMs = MIDNIGHT + 5000;
    let url = await start();
    const batch = makeBatch({ startMs: MIDNIGHT + 2 * HOUR_MS, routes: { '/a': [1] } });
    const sendAt = async (sentMs: number): Promise<unknown> => {
      const headers = { 'tachograph-sent': String(sentMs) };
      return (await send(url, batch, { headers })).json();
    };
    expect(await sendAt(nowMs + 2 * HOUR_MS + 60_000)).toEqual({ duplicate: false });
    expect((await windows(url))[0]).toBeLessThan(-5000);
    await collector.close();
    url = await start();
    expect(await sendAt(nowMs)).toEqual({ duplicate: true });
  });

  it('by days and is set between two deliveries does not make it two, over a restart', async () => {
    let url = await start();
    const closedMs = NOW - 3 * DAY_MS;
    const batch = makeBatch({ startMs: closedMs - 10_000, routes: { '/a': [1] } });
    const sendAt = async (sentMs: number): Promise<unknown> => {
      const headers = { 'tachograph-sent': String(sentMs) };
      return (await send(url, batch, { headers })).json();
    };
    expect(await sendAt(closedMs)).toEqual({ duplicate: false });
    expect(await windows(url)).toEqual([-10_000, 0]);
    await collector.close();
    url = await start();
    expect(await sendAt(NOW)).toEqual({ duplicate: true });
    expect(await windows(url)).toEqual([-10_000, 0]);
  });
});

describe('a correction', () => {
  it('brings every sender within half a minute, in whole minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -DAY_MS * 400, max: DAY_MS }), (aheadMs) => {
        const batch = makeBatch({ startMs: NOW + aheadMs - 10_000, routes: {} });
        const { skewMs, correctionMs } = clockErrorOf(batch, NOW + aheadMs, NOW);
        expect(skewMs).toBe(-aheadMs + 0);
        expect(Math.abs(correctionMs % 60_000)).toBe(0);
        expect(Math.abs(aheadMs + correctionMs)).toBeLessThanOrEqual(30_000);
      }),
    );
  });

  it('of nothing is the same batch', () => {
    const batch = makeBatch({ startMs: NOW, routes: {} });
    expect(correctClock(batch, 0)).toBe(batch);
  });
});
