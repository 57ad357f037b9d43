import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmbeddedStore } from '../../../src/collector/store/embedded-store.js';
import type { Batch } from '../../../src/transport/batch.js';
import { decodeBatch } from '../../../src/transport/decode-batch.js';
import { deliver } from '../../../src/transport/deliver.js';
import { encodeBatch } from '../../../src/transport/encode-batch.js';
import type { Outcome, Parcel, Sender } from '../../../src/transport/sender.js';
import { DURATION, makeBatch } from '../make-batch.js';
import { makeFolder, openStore, removeFolders } from './store-folder.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const ROUTES = 9;
let store: EmbeddedStore;
let boot = 0;

beforeEach(() => {
  store = openStore(makeFolder(), () => NOW);
});
afterEach(async () => {
  await store.close();
  removeFolders();
});

function nextBatch(): Batch {
  boot += 1;
  const routes = Object.fromEntries(Array.from({ length: ROUTES }, (_, i) => [`/${i}`, [i + 1]]));
  return makeBatch({ boot: `boot-${boot}`, startMs: NOW, sequence: 3, routes });
}

function parcelOf(batch: Batch): Parcel {
  const { identity, records, closedMs } = batch;
  return { identity, records, closedMs, body: encodeBatch(batch) };
}

const REFUSED: Outcome = { kind: 'refused', reason: '413', splittable: true };
const CUT_OFF: Outcome = { kind: 'retry', reason: 'reset', code: 'TACHO_COLLECTOR_UNREACHABLE' };

/** What is sent is stored, after the store's own word; what `before` gives instead is answered without it. */
function sending(before: (parcel: Parcel) => Outcome | undefined): Sender {
  return {
    async send(parcel) {
      const instead = before(parcel);
      if (instead !== undefined) return instead;
      const batch = decodeBatch(parcel.body);
      const [outcome] = await store.commit([{ batch, receivedMs: NOW }]);
      return outcome!.state === 'in_parts' ? REFUSED : { kind: 'accepted' };
    },
    close: async () => {},
  };
}

async function countOf(name: string): Promise<number> {
  const result = await store.query({
    metric: DURATION,
    service: undefined,
    fromMs: NOW - 60_000,
    toMs: NOW + 60_000,
    stepMs: undefined,
    level: 'raw',
    group: ['service.instance.id'],
    where: [['http.route', name]],
    histogram: false,
    limit: 500,
  });
  return (
    result?.groups.reduce((sum, { total }) => sum + ('count' in total ? total.count : 0), 0) ?? 0
  );
}

describe('a batch that was cut off between its parts', () => {
  it('and comes again as a whole is stored once, wherever it was cut', async () => {
    let batches = 0;
    const cuts = fc.record({
      /** Points of the smallest parcel that is refused, until the cut. */
      refusedFrom: fc.integer({ min: 2, max: ROUTES }),
      requests: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(cuts, async ({ refusedFrom, requests }) => {
        batches += 1;
        const parcel = parcelOf(nextBatch());
        let asked = 0;
        const poor = sending(({ body }) => {
          asked += 1;
          if (asked > requests) return CUT_OFF;
          return decodeBatch(body).histograms.length >= refusedFrom ? REFUSED : undefined;
        });
        await deliver(parcel, poor, 1000);
        const settled = await deliver(
          parcel,
          sending(() => undefined),
          1000,
        );
        expect(settled).toMatchObject({ accepted: parcel.records, refused: 0 });
        for (let i = 0; i < ROUTES; i++) expect(await countOf(`/${i}`)).toBe(batches);
      }),
      { numRuns: 40 },
    );
  });
});

it('a part that arrives after the whole is a duplicate', async () => {
  const batch = nextBatch();
  let part: Parcel | undefined;
  const late = sending((parcel) => {
    if (parcel.identity.sequence === batch.identity.sequence) return REFUSED;
    part = parcel;
    return CUT_OFF;
  });
  await deliver(parcelOf(batch), late, 1000);
  await store.commit([{ batch, receivedMs: NOW }]);
  const again = { batch: decodeBatch(part!.body), receivedMs: NOW };
  expect(await store.commit([again])).toEqual([{ state: 'duplicate' }]);
  expect(await store.has(again.batch.identity)).toBe(true);
});
