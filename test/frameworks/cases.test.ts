/** The table of examples/frameworks/check.js, and that it says no when anything is not as expected. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { casesOf } from '../../examples/frameworks/cases.js';
import { EXPECTED, NOWHERE } from '../../examples/frameworks/expected.js';
import { layersIn, recordedIn } from '../../examples/frameworks/recorded.js';
import { cleanEnvironment } from '../support/run-app.js';

const TIMES = 20;
const CHECK = fileURLToPath(new URL('../../examples/frameworks/check.js', import.meta.url));
const example = {
  cases: {
    'route template': 'GET /users/:id 2xx',
    'mounted, parameters': 'GET /api/:org/users/:id 2xx',
    'error path': 'GET /boom/:id 5xx',
    [NOWHERE]: 'GET (unmatched) 4xx',
    aborted: 'GET /slow/:id aborted',
  },
  timed: [
    { name: 'takes20ms', msMin: 20, isAlone: true, isRebound: false },
    { name: 'shared', msMin: 20, isAlone: false, isRebound: false },
    { name: 'SlowGuard', msMin: 20, isAlone: true, isRebound: true },
  ],
};
const KEYS = Object.values(example.cases);

interface Counts {
  [key: string]: number;
}
interface Timed {
  count: number;
  minMs: number;
  maxMs: number;
}

/** Names of the cases that do not hold when the run differs from the right one by what is given. */
function wrongWith(
  counts: Counts,
  timed: Record<string, Timed> = {},
  { errorPages = TIMES, canRebind = true } = {},
): string[] {
  const all = (): [string, number][] => KEYS.map((key) => [key, TIMES]);
  const slow = { count: TIMES, minMs: 20.1, maxMs: 31 };
  const shared = { count: 9 * TIMES, minMs: 0.1, maxMs: 20.5 };
  const middleware = new Map(
    Object.entries({ takes20ms: slow, shared, SlowGuard: slow, ...timed }),
  );
  const run = {
    expected: new Map(all()),
    recorded: new Map([...all(), ...Object.entries(counts)]),
    layers: { middleware, errorPages },
  };
  return casesOf(example, run, TIMES, canRebind)
    .filter(({ holds }) => !holds)
    .map(({ name }) => name);
}

describe('the table', () => {
  it('holds when everything was recorded as it was sent', () => {
    expect(wrongWith({})).toEqual([]);
  });

  it.each(Object.entries(example.cases))('does not hold when "%s" is one off', (name, key) => {
    expect(wrongWith({ [key]: TIMES - 1 })).toEqual(['every request', name]);
    expect(wrongWith({ [key]: TIMES + 1 })).toEqual(['every request', name]);
  });

  it('does not hold when a 404 has a route that nobody made', () => {
    expect(wrongWith({ 'GET /wp-login.php 4xx': 1 })).toEqual(['every request', NOWHERE]);
  });

  it('does not hold when an error is no error page', () => {
    expect(wrongWith({}, {}, { errorPages: TIMES - 1 })).toEqual(['error pages']);
  });

  it.each([
    ['is too short once', { count: TIMES, minMs: 19.9, maxMs: 40 }],
    ['was not always seen', { count: TIMES - 1, minMs: 20, maxMs: 40 }],
    ['was seen too often', { count: TIMES + 1, minMs: 20, maxMs: 40 }],
  ])('does not hold when the middleware of 20 ms %s', (_, takes20ms) => {
    expect(wrongWith({}, { takes20ms })).toEqual(['time of takes20ms']);
  });

  it.each([
    ['was never long', { count: 9 * TIMES, minMs: 0.1, maxMs: 19.9 }],
    ['was not seen', { count: 0, minMs: 0, maxMs: 0 }],
  ])('does not hold when one that also lets requests by %s', (_, shared) => {
    expect(wrongWith({}, { shared })).toEqual(['time of shared']);
  });

  it('expects nothing of what a Node cannot show, and says so when it is there', () => {
    const SlowGuard = { count: 0, minMs: 0, maxMs: 0 };
    expect(wrongWith({}, { SlowGuard }, { canRebind: false })).toEqual([]);
    expect(wrongWith({}, { SlowGuard })).toEqual(['time of SlowGuard']);
    expect(wrongWith({}, {}, { canRebind: false })).toEqual(['time of SlowGuard']);
  });

  it('knows of each framework a route, a 404 and, but for one without routes, an abort', () => {
    for (const [name, { cases }] of Object.entries(EXPECTED)) {
      const wanted = name === 'koa-bare' ? [] : ['error path', 'aborted'];
      expect(Object.keys(cases)).toEqual(
        expect.arrayContaining(['route template', NOWHERE, ...wanted]),
      );
    }
  });
});

it('adds up what several windows recorded', () => {
  const request = { name: 'http.server.request.duration', 'http.request.method': 'GET' };
  const ok = { ...request, 'http.route': '/a', 'http.response.status_class': '2xx' };
  const gone = { ...ok, 'error.type': 'aborted' };
  const points = [ok, ok, gone].map((point) => ({ ...point, count: 2 }));
  expect([...recordedIn(points)]).toEqual([
    ['GET /a 2xx', 4],
    ['GET /a aborted', 2],
  ]);
  const layer = { name: 'tachograph.middleware.duration', 'code.function.name': 'slow' };
  const page = { name: 'tachograph.error_page.duration', count: 3 };
  const { middleware, errorPages } = layersIn([
    { ...layer, count: 2, min: 0.02, max: 0.03 },
    { ...layer, count: 1, min: 0.01, max: 0.02 },
    { ...page, 'http.response.status_code': '503' },
    { ...page, 'http.response.status_code': '404' },
  ]);
  expect(middleware.get('slow')).toEqual({ count: 3, minMs: 10, maxMs: 30 });
  expect(errorPages).toBe(3);
});

it('is printed with what is wrong, and then the command fails', () => {
  const run = (probes: string) =>
    spawnSync(process.execPath, [CHECK, 'koa'], {
      encoding: 'utf8',
      env: {
        ...cleanEnvironment(),
        TACHOGRAPH_TEST_NODES: process.execPath,
        TACHOGRAPH_PROBES: probes,
      },
    });
  const without = run('all,-middleware');
  expect(without.stdout).toMatch(
    /^koa .* time of takes20ms +20 × takes20ms, ≥ 20 ms +nothing +NO$/m,
  );
  expect(without.status).toBe(1);
}, 120_000);
