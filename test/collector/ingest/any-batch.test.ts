/**
 * Properties of the ingest endpoint: whatever a batch of the right form holds, it is stored once and
 * whole, or refused with a reason, and what was stored adds up exactly.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { fileName, listFiles } from '../../../src/collector/store/data-folder.js';
import { openForReading } from '../../../src/collector/store/schema.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import type { Attributes, Batch, CounterPoint, Series } from '../../../src/transport/batch.js';
import { decodeBatch } from '../../../src/transport/decode-batch.js';
import { encodeBatch } from '../../../src/transport/encode-batch.js';
import { quietLog } from '../../support/quiet-log.js';
import { DAY_MS, makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const RUNS = { numRuns: 150 };
const openSql = await loadSqlDriver();
const HITS: Series = { name: 'hits', kind: 'counter', unit: '1', scale: 1, attributes: [] };
const packr = new Packr({ useRecords: false, variableMapSize: true });

const log = quietLog();
let folder: string;
let collector: Collector;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const options = { folder, port: 0, queryThreads: 0, now: () => NOW, log };
  collector = await startCollector({ ...options, monotonicMs: fastClock() });
});
afterEach(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An hour passes at each look: no test is about the rate. */
function fastClock(): () => number {
  let nowMs = 0;
  return () => {
    nowMs += 3_600_000;
    return nowMs;
  };
}

const text = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }),
  fc.constantFrom('', '\ud800', '\u0000', '__proto__', '(other)', '"', "'", 'a'.repeat(1024)),
);
const attributes: fc.Arbitrary<Attributes> = fc
  .uniqueArray(fc.tuple(text, text), { maxLength: 6, selector: ([name]) => name })
  .map((pairs) => pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
const counters: fc.Arbitrary<CounterPoint[]> = fc.array(
  fc.record({
    series: attributes.map((pairs) => ({ ...HITS, attributes: pairs })),
    value: fc.nat({ max: 1_000_000 }),
  }),
  { maxLength: 20 },
);

async function stored(): Promise<number> {
  const query = `${collector.url}/v1/query?metric=hits&from=-3d&to=${NOW + 2 * DAY_MS}`;
  const answer = await fetch(query);
  if (answer.status === 404) return 0;
  const body = (await answer.json()) as { groups: { total: { value: number } }[] };
  return body.groups[0]?.total.value ?? 0;
}

it('what was taken adds up, however often it was sent, whatever clock it came from', async () => {
  let sequence = 0;
  let expected = 0;
  await fc.assert(
    fc.asyncProperty(
      counters,
      fc.integer({ min: -DAY_MS, max: DAY_MS - 20_000 }),
      fc.nat({ max: 2 }),
      async (points, aheadMs, repeats) => {
        sequence += 1;
        const batch = makeBatch({ startMs: NOW + aheadMs - 10_000, sequence, counters: points });
        const headers = { 'tachograph-sent': String(NOW + aheadMs) };
        for (let i = 0; i <= repeats; i++) {
          const answer = await send(collector.url, batch, { headers });
          expect(await answer.json()).toEqual({ duplicate: i > 0 });
        }
        expected += points.reduce((sum, { value }) => sum + value, 0);
        expect(await stored()).toBe(expected);
      },
    ),
    RUNS,
  );
});

/** Goes down a field, an element of it, one of that, as far as there are any. */
function replaceAt(body: unknown[], path: readonly number[], value: unknown): void {
  const [step = 0, ...further] = path;
  const index = step % body.length;
  const next = body[index];
  if (further.length > 0 && Array.isArray(next) && next.length > 0) replaceAt(next, further, value);
  else body[index] = value;
}

interface Contents {
  readonly batches: number;
  /** Values of all points, a counter being one. */
  readonly values: number;
  readonly events: number;
}

/** What stands in the raw files, whatever it is called there. */
function contents(): Contents {
  const sum = { batches: 0, values: 0, events: 0 };
  for (const key of listFiles(folder).filter(({ level }) => level === 'raw')) {
    const { sql } = openForReading(openSql, join(folder, fileName(key)));
    const numberOf = (query: string): number =>
      Object.values(sql.prepare(query).get([])!)[0] as number;
    sum.batches += numberOf('SELECT count(*) FROM batches');
    sum.values += numberOf('SELECT coalesce(sum(count), 0) FROM points');
    sum.events += numberOf('SELECT count(*) FROM events');
    sql.close();
  }
  return sum;
}

function contentsOf({ histograms, counters, gauges, events }: Batch): Contents {
  const counts = [...histograms, ...gauges].map(({ count }) => count);
  const values = counts.reduce((total, count) => total + count, counters.length);
  return { batches: 1, values, events: events.length };
}

it('a batch with any field replaced by anything is refused or taken, and never half', async () => {
  const paths = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 4 });
  const anything = fc.anything({ withBigInt: false, withNullPrototype: false, withDate: false });
  const value = fc.oneof(anything, text, fc.nat({ max: 10 }));
  let sequence = 0;
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(paths, value, async (path, odd) => {
      sequence += 1;
      const batch = makeBatch({
        startMs: NOW - 10_000,
        sequence,
        routes: { '/a': [1, 2, 3] },
        counters: [{ series: HITS, value: 7 }],
        events: [{ timeMs: NOW - 5000, name: 'stall', attributes: [] }],
      });
      const body = packr.unpack(encodeBatch(batch)) as unknown[];
      replaceAt(body, path, odd);
      const before = contents();
      const bytes = packr.pack(body);
      const answer = await send(collector.url, batch, { body: bytes });
      expect([200, 400, 413, 415, 422]).toContain(answer.status);
      const added = { batches: 0, values: 0, events: 0 };
      if (answer.status === 200) {
        taken += 1;
        expect(await answer.json()).toEqual({ duplicate: false });
        Object.assign(added, contentsOf(decodeBatch(bytes)));
      }
      expect(contents()).toEqual({
        batches: before.batches + added.batches,
        values: before.values + added.values,
        events: before.events + added.events,
      });
      for (const route of ['ledger', 'services', 'metrics', 'events?from=-3d']) {
        expect((await fetch(`${collector.url}/v1/${route}`)).status).toBe(200);
      }
    }),
    RUNS,
  );
  // Both happen: odd values are refused, and some fields may hold anything of their kind.
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(sequence);
});
