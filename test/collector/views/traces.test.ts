import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TraceRow } from '../../../src/collector/views/traces.js';
import { type OpenShop, openShop } from '../../support/shop/open-shop.js';
import { ROUTES } from '../../support/shop/routes.js';

let shop: OpenShop;
beforeAll(async () => {
  const routes = ROUTES.slice(2, 4).map((row) => ({ ...row, route: '/orders' }));
  shop = await openShop({ forMs: 600_000, routes });
});
afterAll(() => shop.close());

async function methods(query: string): Promise<(string | undefined)[]> {
  const response = await fetch(`${shop.url}/v1/traces?route=/orders&order=slowest&${query}`);
  const { traces } = (await response.json()) as { traces: TraceRow[] };
  return traces.map(({ attributes }) => attributes['http.request.method']);
}

it('traces are those of one method where that is asked for, however many of another are slower', async () => {
  expect(await methods('limit=3')).toEqual(['POST', 'POST', 'POST']);
  expect(await methods('limit=3&method=GET')).toEqual(['GET', 'GET', 'GET']);
  expect(await methods('method=DELETE')).toEqual([]);
});
