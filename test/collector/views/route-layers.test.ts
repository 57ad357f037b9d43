import { expect, it } from 'vitest';
import type { QueryGroup } from '../../../src/collector/query/query-request.js';
import { layersByRoute, withShares } from '../../../src/collector/views/route-layers.js';
import { keyOf } from '../../../src/collector/views/view-request.js';

const ROUTE = ['http.request.method', 'http.route'];
const ofPage = { 'http.request.method': 'GET', 'http.route': '/page' };
const group = (count: number, sum: number, more: Record<string, string> = {}): QueryGroup =>
  ({ attributes: { ...ofPage, ...more }, total: { count, sum, p95: sum, max: sum } }) as never;
const ofLayer = (layer: string, sum: number): QueryGroup =>
  group(10, sum, { 'tachograph.layer': layer });

it('puts the costliest layer of a route first, with its share of the time of all requests', () => {
  const groups = [
    [group(20, 1)],
    [group(5, 6)],
    [ofLayer('template', 3), ofLayer('serialization', 0.5)],
  ];
  const layers = layersByRoute(groups, ROUTE).get(keyOf(ofPage, ROUTE))!;
  expect(withShares(layers, 10)).toEqual([
    { layer: 'query', requests: 5, p95: 6, max: 6, total: 6, share: 0.6 },
    { layer: 'template', requests: 10, p95: 3, max: 3, total: 3, share: 0.3 },
    { layer: 'middleware', requests: 20, p95: 1, max: 1, total: 1, share: 0.1 },
    { layer: 'serialization', requests: 10, p95: 0.5, max: 0.5, total: 0.5, share: 0.05 },
  ]);
});

it('does not mix up routes, and has nothing for one without layers', () => {
  const other = { ...group(1, 1), attributes: { ...ofPage, 'http.route': '/other' } };
  const found = layersByRoute([[group(20, 1), other], [], []], ROUTE);
  expect([...found.values()].map((layers) => layers.length)).toEqual([1, 1]);
  expect(layersByRoute([[], [], []], ROUTE).size).toBe(0);
});

it('has no share of no time', () => {
  const layers = layersByRoute([[group(1, 0)], [], []], ROUTE).get(keyOf(ofPage, ROUTE))!;
  expect(withShares(layers, 0).map(({ share }) => share)).toEqual([0]);
});
