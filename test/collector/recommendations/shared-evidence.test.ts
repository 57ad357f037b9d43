/** What is shared is what everybody would have gathered for themselves, and never older than the store. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checklistOf } from '../../../src/collector/checklist/checklist-of.js';
import { openRecommendationBook } from '../../../src/collector/recommendations/book.js';
import { SharedEvidence } from '../../../src/collector/recommendations/evidence/shared-evidence.js';
import { recommendationsOf } from '../../../src/collector/recommendations/recommendations-of.js';
import { RETENTION_DEFAULT } from '../../../src/collector/store/data-folder.js';
import type { Store } from '../../../src/collector/store/store.js';
import { type OpenShop, openShop, SHOP_NOW } from '../../support/shop/open-shop.js';
import { makeBatch, send } from '../make-batch.js';

let shop: OpenShop;
let folder = '';
beforeAll(async () => {
  shop = await openShop();
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

/** With the number of queries that reach the store. */
function counted(): { readonly store: Store; readonly queries: () => number } {
  const { store } = shop.collector;
  let queries = 0;
  const handler: ProxyHandler<Store> = {
    get(_, name) {
      if (name === 'query') queries += 1;
      const value = Reflect.get(store, name);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  };
  return { store: new Proxy(store, handler), queries: () => queries };
}

const request = { service: undefined, fromMs: SHOP_NOW - 3_600_000, toMs: SHOP_NOW, limit: 100 };
const rest = { retention: RETENTION_DEFAULT, now: () => SHOP_NOW };

it('recommendations and checklist are the same, shared or not, and ask the store once', async () => {
  const book = openRecommendationBook(folder, () => {});
  const alone = { ...rest, store: shop.collector.store };
  const { store, queries } = counted();
  const together = { ...rest, store, shared: new SharedEvidence() };
  const [recommendations, checklist] = await Promise.all([
    recommendationsOf(together, book, request),
    checklistOf(together, request),
  ]);
  expect(recommendations.recommendations.length).toBeGreaterThan(3);
  expect(recommendations).toEqual(await recommendationsOf(alone, book, request));
  expect(checklist).toEqual(await checklistOf(alone, request));
  const once = queries();
  expect(once).toBeGreaterThan(50);
  // A second later, in the same rows.
  const later = { ...request, toMs: request.toMs + 1000, fromMs: request.fromMs + 1000 };
  expect(await checklistOf(together, later)).toEqual(checklist);
  expect(queries()).toBe(once);
});

it('is gathered anew when something was committed, and for another range', async () => {
  const { store, queries } = counted();
  const source = { ...rest, store, shared: new SharedEvidence() };
  await checklistOf(source, request);
  const once = queries();
  await checklistOf(source, { ...request, fromMs: request.fromMs - 60_000 });
  expect(queries()).toBeGreaterThan(once);
  const book = openRecommendationBook(folder, () => {});
  const requestsOf = async (): Promise<number> =>
    (await recommendationsOf(source, book, request)).services[0]!.requests;
  const before = await requestsOf();
  const startMs = SHOP_NOW - 20_000;
  const batch = makeBatch({
    boot: 'new',
    startMs,
    service: 'shop',
    routes: { '/new': [1000, 2000] },
  });
  expect((await send(shop.url, batch)).status).toBe(200);
  expect(await requestsOf()).toBe(before + 2);
});

it('that could not be gathered is asked for again', async () => {
  const { store } = shop.collector;
  let isBusy = true;
  const failing = new Proxy(store, {
    get(_, name) {
      if (name === 'events' && isBusy) return () => Promise.reject(new Error('busy'));
      const value = Reflect.get(store, name);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });
  const source = { ...rest, store: failing, shared: new SharedEvidence() };
  await expect(checklistOf(source, request)).rejects.toThrow('busy');
  isBusy = false;
  expect(await checklistOf(source, request)).toBeDefined();
});
