/** What a request spent in its layers, as series of its route: few, and with right totals when they are many. */
import { expect, it } from 'vitest';
import { LAYER, LAYERS } from '../../src/agent/layer.js';
import type { AttributeValues, Recorder } from '../../src/agent/recorder.js';
import { RouteMapping } from '../../src/agent/route-mapping.js';
import { RouteSeries } from '../../src/agent/route-series.js';
import { readTraceLimits } from '../../src/agent/trace-limits.js';
import { Unit } from '../../src/agent/unit.js';
import type { Metric } from '../../src/shared/metric.js';
import { resolveOptions } from '../../src/shared/resolve-options.js';

const ROUTES_MAX = 2000;
const SERIES_MAX = 300;
const OK = 2;

function routeSeries(): { routes: RouteSeries; names: Map<string, number> } {
  const names = new Map<string, number>();
  const series = ({ name }: Metric, values: AttributeValues): number => {
    const key = `${name} ${values.join(' ')}`;
    const id = names.get(key) ?? names.size;
    names.set(key, id);
    return id;
  };
  const mapping = new RouteMapping([], []);
  const limitsOf = readTraceLimits(resolveOptions({}).options);
  const recorder = { series } as unknown as Recorder;
  const routes = new RouteSeries(recorder, mapping, limitsOf, ROUTES_MAX);
  return { routes, names };
}

const layersIn = (names: ReadonlyMap<string, number>): string[] =>
  [...names.keys()].filter((name) => name.startsWith('tachograph.http.server.layer_time'));

it('makes a series of each kind that a route used, whatever its outcomes', () => {
  const { routes, names } = routeSeries();
  const use = (outcome: number, layer: number): number => {
    const ids = routes.ids('GET', '/page', outcome);
    return routes.layerId(routes.workIds(ids, 'GET', '/page'), layer);
  };
  const id = use(OK, LAYER.template);
  expect(use(OK, LAYER.template)).toBe(id);
  expect(use(OK + 2, LAYER.template)).toBe(id);
  expect(use(OK, LAYER.serialization)).not.toBe(id);
  expect(layersIn(names)).toEqual([
    'tachograph.http.server.layer_time GET /page template',
    'tachograph.http.server.layer_time GET /page serialization',
  ]);
});

it('counts the routes past the limit together, by kind of layer', () => {
  const { routes, names } = routeSeries();
  for (let i = 0; i < 200; i++) {
    const route = `/page/${i}`;
    const work = routes.workIds(routes.ids('GET', route, OK), 'GET', route);
    LAYERS.forEach((_, layer) => {
      routes.layerId(work, layer);
    });
  }
  const found = layersIn(names);
  expect(found.length).toBe(SERIES_MAX + LAYERS.length);
  expect(found.filter((name) => name.includes('(other) (other)'))).toHaveLength(LAYERS.length);
  // One that was there before the limit is still told apart with another outcome.
  const work = routes.workIds(routes.ids('GET', '/page/0', OK + 3), 'GET', '/page/0');
  routes.layerId(work, LAYER.template);
  expect(layersIn(names).length).toBe(found.length);
});

it('adds up the calls of a kind, and counts nothing once the unit is done', () => {
  const unit = new Unit(0);
  expect(unit.layerMs).toBeUndefined();
  unit.addLayer(LAYER.template, 2);
  unit.addLayer(LAYER.template, 3);
  unit.addLayer(LAYER.token, 1);
  unit.close(10);
  unit.addLayer(LAYER.token, 7);
  expect(unit.layerMs?.[LAYER.template]).toBe(5);
  expect(unit.layerMs?.[LAYER.token]).toBe(1);
});
