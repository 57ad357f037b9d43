import { afterAll, beforeAll, expect, it } from 'vitest';
import type { QueryResult } from '../../../src/collector/query/query-request.js';
import type { Heatmap } from '../../../src/collector/views/heatmap.js';
import { type OpenShop, openShop, SHOP_NOW } from '../../support/shop/open-shop.js';

const FOR_MS = 600_000;
let shop: OpenShop;
beforeAll(async () => {
  shop = await openShop({ forMs: FOR_MS });
});
afterAll(() => shop.close());

const get = async <Answer>(path: string): Promise<Answer> =>
  (await (await fetch(shop.url + path)).json()) as Answer;
const heatmap = (query: string): Promise<Heatmap> => get(`/v1/heatmap?${query}`);

it('a heatmap holds every request of a route once, in the row of its duration', async () => {
  const truth = shop.truth.routes[2]!;
  const { bounds, columns } = await heatmap(`method=${truth.method}&route=${truth.route}`);
  const rows = bounds.map(() => 0).concat(0);
  for (const { cells, count } of columns) {
    expect(cells).toHaveLength(bounds.length + 1);
    expect(cells.reduce((sum, cell) => sum + cell)).toBe(count);
    cells.forEach((cell, row) => {
      rows[row]! += cell;
    });
  }
  expect(rows.reduce((sum, cell) => sum + cell)).toBe(truth.values.length);
  // To the error of a histogram's slot, 0.8 % of a value at most.
  bounds.forEach((bound, row) => {
    const upTo = rows.slice(0, row + 1).reduce((sum, cell) => sum + cell);
    const surely = truth.values.filter((value) => value <= bound * 0.992).length;
    const perhaps = truth.values.filter((value) => value <= bound * 1.008).length;
    expect(upTo).toBeGreaterThanOrEqual(surely);
    expect(upTo).toBeLessThanOrEqual(perhaps);
  });
});

it('is of one instance where that is asked for', async () => {
  const truth = shop.truth.routes[0]!;
  const route = `method=GET&route=${truth.route}`;
  const { columns } = await heatmap(`${route}&where=service.instance.id:boot-web-1`);
  const count = columns.reduce((sum, column) => sum + column.count, 0);
  expect(count).toBe(truth.values.length / 2);
});

it('has a bounded number of columns, however long the time', async () => {
  for (const from of ['-1h', '-7d', '-30d', '-390d']) {
    const { fromMs, toMs, stepMs } = await heatmap(`from=${from}`);
    expect((toMs - fromMs) / stepMs).toBeLessThanOrEqual(122);
  }
});

it('tells since when anything was recorded, of other routes as well', async () => {
  const query = '/v1/query?from=-1h&metric=http.server.request.duration';
  const { recordedFromMs } = await get<QueryResult>(query);
  expect(recordedFromMs).toBe(SHOP_NOW - FOR_MS);
  expect((await heatmap('from=-1h')).recordedFromMs).toBe(recordedFromMs);
  expect((await heatmap('from=-1h&route=/none')).recordedFromMs).toBe(recordedFromMs);
  expect((await heatmap('from=-1h&service=none')).recordedFromMs).toBeNull();
});

it('of nothing has no column', async () => {
  expect((await heatmap('route=/none')).columns).toEqual([]);
});
