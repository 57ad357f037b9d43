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
import type { Attributes, CounterPoint } from '../../../src/transport/batch.js';
import { encodeBatch } from '../../../src/transport/encode-batch.js';
import { DAY_MS, makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const RUNS = { numRuns: 150 };
const packr = new Packr({ useRecords: false, variableMapSize: true });

let folder: string;
let collector: Collector;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const log = (line: string): void => expect.fail(line);
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
    series: attributes.map((pairs) => ({
      name: 'hits',
      kind: 'counter' as const,
      unit: '1',
      scale: 1,
      attributes: pairs,
    })),
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

it('a batch with any field replaced by anything is refused or taken, and never half', async () => {
  const value = fc.anything({ withBigInt: false, withNullPrototype: false, withDate: false });
  const whole = encodeBatch(
    makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1, 2, 3] }, events: [] }),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 10 }), value, fc.nat({ max: 3 }), async (field, odd, depth) => {
      const body = packr.unpack(whole) as unknown[];
      let at = body;
      let index = field;
      for (let i = 0; i < depth && Array.isArray(at[index]) && (at[index] as []).length > 0; i++) {
        at = at[index] as unknown[];
        index = i % at.length;
      }
      at[index] = odd;
      const batch = makeBatch({ startMs: NOW - 10_000, routes: {} });
      const { status } = await send(collector.url, batch, { body: packr.pack(body) });
      expect([200, 400, 413, 422]).toContain(status);
      for (const path of ['ledger', 'services', 'metrics', 'events?from=-3d']) {
        expect((await fetch(`${collector.url}/v1/${path}`)).status).toBe(200);
      }
    }),
    RUNS,
  );
});
