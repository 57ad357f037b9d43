/**
 * Faults 20 and 21 at the collector: batches of the right form, made by someone who wants its memory,
 * its disk or its time.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Packr } from 'msgpackr';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { CARDINALITY_DEFAULT } from '../../../src/collector/store/file-index.js';
import type { Batch, CounterPoint, Series } from '../../../src/transport/batch.js';
import { encodeBatch } from '../../../src/transport/encode-batch.js';
import { encodeHdrPayload } from '../../../src/transport/hdr-payload.js';
import { quietLog } from '../../support/quiet-log.js';
import { makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const MIB = 1024 * 1024;
const packr = new Packr({ useRecords: false, variableMapSize: true });

const log = quietLog();
let folder: string;
let collector: Collector | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});
afterEach(async () => {
  await collector?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(limits = CARDINALITY_DEFAULT): Promise<string> {
  const options = { folder, port: 0, queryThreads: 0, now: () => NOW, limits, log };
  collector = await startCollector(options);
  return collector.url;
}

function counter(attributes: Series['attributes'], name = 'hits'): CounterPoint {
  return { series: { name, kind: 'counter', unit: '1', scale: 1, attributes }, value: 1 };
}

const batchOf = (counters: readonly CounterPoint[], sequence = 1, service = 'shop'): Batch =>
  makeBatch({ startMs: NOW - 10_000, sequence, service, counters });

async function refusal(answer: Response): Promise<string> {
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  return `${answer.status} ${error.code}: ${error.message}`;
}

async function total(url: string, service: string): Promise<number> {
  const query = `${url}/v1/query?metric=hits&service=${service}&from=-1h`;
  const body = (await (await fetch(query)).json()) as { groups: { total: { value: number } }[] };
  return body.groups[0]!.total.value;
}

const databaseBytes = (): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** The body of a batch with some of its eleven fields replaced. */
function bodyWith(fields: Readonly<Record<number, unknown>>, sequence = 1): Uint8Array {
  const body = packr.unpack(encodeBatch(batchOf([], sequence))) as unknown[];
  for (const [index, value] of Object.entries(fields)) body[Number(index)] = value;
  return packr.pack(body);
}

describe('a batch of few bytes that would become many', () => {
  it('by points that share a series is refused', async () => {
    const url = await start();
    const strings = ['hits', '1', ...Array.from({ length: 128 }, (_, i) => `${i}`.repeat(300))];
    const series = [[0, 1, 1, 1, Array.from({ length: 128 }, (_, i) => i + 2)]];
    const counters = Array.from({ length: 60_000 }, () => [0, 1]);
    const body = bodyWith({ 3: strings, 4: [], 5: series, 7: counters });
    expect(body.length).toBeLessThan(MIB);
    const answer = await send(url, batchOf([]), { body });
    expect(await refusal(answer)).toMatch(/^400 bad_batch: .*(series|points)/);
    const few = bodyWith({
      3: ['hits', '1'],
      4: [],
      5: [[0, 1, 1, 1, []]],
      7: [
        [0, 1],
        [0, 1],
      ],
    });
    expect(await refusal(await send(url, batchOf([]), { body: few }))).toBe(
      '400 bad_batch: batch points: expected one for each series, got two for one',
    );
    expect(databaseBytes()).toBeLessThan(MIB);
  });

  it('by series that share long texts is refused', async () => {
    const url = await start();
    const long = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(1000));
    const routes = Array.from({ length: 1200 }, (_, i) => `/r/${i}`);
    const strings = ['hits', '1', ...long, 'http.route', ...routes];
    const series = routes.map((_, i) => [0, 1, 1, 1, [2, 3, 4, 5, 6, 7, 8, 9, 10, i + 11]]);
    const counters = series.map((_, i) => [i, 1]);
    const body = bodyWith({ 3: strings, 4: [], 5: series, 7: counters });
    expect(body.length).toBeLessThan(100_000);
    expect(await refusal(await send(url, batchOf([]), { body }))).toContain(
      `at most ${8 * MIB} characters written out`,
    );
    const fewer = bodyWith({ 3: strings, 4: [], 5: series, 7: counters.slice(0, 1000) }, 2);
    expect((await send(url, batchOf([], 2), { body: fewer })).status).toBe(200);
  });

  it('by one series of many long texts is refused', async () => {
    const url = await start();
    const attributes = Array.from({ length: 9 }, (_, i): [string, string] => [
      `a${i}`,
      'x'.repeat(1000),
    ]);
    expect(await refusal(await send(url, batchOf([counter(attributes)])))).toContain(
      'at most 8192 characters in all',
    );
    expect((await send(url, batchOf([counter(attributes.slice(1))]))).status).toBe(200);
  });

  it('by reasons to drop is refused', async () => {
    const url = await start();
    const dropped = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`r${i}`, 1]));
    const ledger = { recorded: 65, delivered: 0, pending: 0, dropped };
    expect(await refusal(await send(url, { ...batchOf([]), ledger }))).toContain('64 reasons');
  });
});

describe('a hostile value', () => {
  it.each([
    ['not a number', Number.NaN],
    ['endless', Number.POSITIVE_INFINITY],
    ['negative', -1],
    ['negative zero as a float, which is zero', -0],
    ['a fraction', 0.5],
    ['past 2^53', 2 ** 53],
    ['a string', '7'],
    ['nothing', null],
    ['a list', [7]],
  ])('%s is refused, or taken for the number it is', async (_name, value) => {
    const url = await start();
    const body = bodyWith({ 3: ['hits', '1'], 4: [], 5: [[0, 1, 1, 1, []]], 7: [[0, value]] });
    const { status } = await send(url, batchOf([]), { body });
    expect(status).toBe(Object.is(value, -0) ? 200 : 400);
  });

  it('the greatest whole number is kept exactly', async () => {
    const url = await start();
    const point = { ...counter([]), value: Number.MAX_SAFE_INTEGER };
    expect((await send(url, batchOf([point]))).status).toBe(200);
    expect(await total(url, 'shop')).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('for the number of a part of no batch is refused, for what has no account could not be read', async () => {
    const url = await start();
    const answer = await send(url, batchOf([counter([])], 2 ** 52 + 2));
    expect(await refusal(answer)).toMatch(/^400 bad_identity/);
    expect((await fetch(`${url}/v1/ledger`)).status).toBe(200);
  });

  it('no process could count to stops neither the rollups of others nor answers', async () => {
    const url = await start();
    const count = Number.MAX_SAFE_INTEGER;
    const lie = {
      series: { name: 'lie', kind: 'histogram', unit: '1', scale: 1, attributes: [] },
      ...{ count, sum: count, min: 1, max: 1 },
      payload: encodeHdrPayload({
        numberOfSignificantValueDigits: 2,
        lowestDiscernibleValue: 1,
        highestTrackableValue: 2,
        maxValue: 1,
        _counts: [0, count],
        countsArrayIndex: (value) => value,
      }),
    } as const;
    const liar = (sequence: number): Batch =>
      makeBatch({
        ...{ startMs: NOW - 10_000, sequence, service: 'liar', boot: 'liar' },
        ...{ records: count, histograms: sequence > 2 ? [] : [lie] },
        ledger: { recorded: count, delivered: 0, pending: count, dropped: {} },
      });
    for (const batch of [liar(1), liar(2), batchOf([counter([])])]) {
      expect((await send(url, batch)).status).toBe(200);
    }
    // So many times 2^53 are more than 64 bits.
    const more = Array.from({ length: 1100 }, (_, i) => ({ batch: liar(i + 3), receivedMs: NOW }));
    await collector!.store.commit(more);
    const asked = ['services', 'ledger', 'query?metric=lie&from=-1h'];
    for (const path of asked) expect((await fetch(`${url}/v1/${path}`)).status).toBe(200);
    await collector!.store.maintain();
    for (const path of asked) expect((await fetch(`${url}/v1/${path}`)).status).toBe(200);
    expect(await total(url, 'shop')).toBe(1);
  });

  it('a label of ten megabytes never gets past the body, nor one of 9,000 past the schema', async () => {
    const url = await start();
    const long = [counter([['http.route', 'x'.repeat(10_000_000)]])];
    expect((await send(url, batchOf(long))).status).toBe(413);
    const medium = [counter([['http.route', 'x'.repeat(9000)]])];
    expect(await refusal(await send(url, batchOf(medium)))).toMatch(/^400 bad_batch/);
  });

  it('lone surrogates, controls and names of prototypes are texts like any other', async () => {
    const url = await start();
    const odd = [
      '\ud800',
      '\udfff x',
      '\u0000',
      '__proto__',
      'constructor',
      "'; DROP TABLE points;--",
    ];
    const points = odd.map((text) =>
      counter(
        [
          [`k${text}`, text],
          ['__proto__', text],
        ].sort() as never,
      ),
    );
    expect((await send(url, batchOf(points))).status).toBe(200);
    expect(await total(url, 'shop')).toBe(odd.length);
    const grouped = await fetch(`${url}/v1/query?metric=hits&from=-1h&group=__proto__`);
    expect(((await grouped.json()) as { groups: unknown[] }).groups.length).toBeGreaterThan(3);
    expect((await fetch(`${url}/v1/metrics`)).status).toBe(200);
  });
});

describe('a million series', () => {
  it('of one service are a bounded file with an exact total', async () => {
    const url = await start();
    let sequence = 0;
    const SERIES = 10_000;
    const BATCHES = 100;
    for (let batch = 0; batch < BATCHES; batch++) {
      sequence += 1;
      const points = Array.from({ length: SERIES }, (_, i) =>
        counter([['http.route', `/${batch}/${i}`]]),
      );
      expect((await send(url, batchOf(points, sequence))).status).toBe(200);
    }
    expect(await total(url, 'shop')).toBe(SERIES * BATCHES);
    const listed = (await (await fetch(`${url}/v1/metrics`)).json()) as {
      metrics: { series: number }[];
    };
    expect(listed.metrics[0]!.series).toBe(CARDINALITY_DEFAULT.seriesPerServiceMax + 1);
    expect(databaseBytes()).toBeLessThan(16 * MIB);
    // A million series take a quarter of a minute, and several on a machine that is busy.
  }, 240_000);

  it('of invented services end at the limit of the file, and totals stay exact', async () => {
    const url = await start({ ...CARDINALITY_DEFAULT, seriesMax: 50 });
    const points = Array.from({ length: 20 }, (_, i) => counter([['http.route', `/${i}`]]));
    for (let service = 0; service < 10; service++) {
      const batch = { ...batchOf(points, service + 1, `invented-${service}`) };
      expect((await send(url, batch)).status).toBe(200);
      expect(await total(url, `invented-${service}`)).toBe(20);
    }
    const listed = (await (await fetch(`${url}/v1/metrics`)).json()) as {
      metrics: { series: number }[];
    };
    const series = listed.metrics.reduce((sum, metric) => sum + metric.series, 0);
    // Past the limit each metric of each service has one more, its overflow.
    expect(series).toBeLessThanOrEqual(50 + 10);
  });

  it('as metrics of invented services are refused at the limit of the file', async () => {
    const url = await start({ ...CARDINALITY_DEFAULT, metricsMax: 5 });
    const statuses: number[] = [];
    for (let service = 0; service < 8; service++) {
      const batch = batchOf([counter([])], service + 1, `invented-${service}`);
      statuses.push((await send(url, batch)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 422, 422, 422]);
  });
});
