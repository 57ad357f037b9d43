/** The judgement of examples/databases/check.js: it says no when anything differs from what the server counted. */
import { describe, expect, it } from 'vitest';
import { asCommonJs } from '../../examples/commonjs.js';
import { judge } from '../../examples/databases/judge.js';

const COUNTS = {
  sent: 70,
  failed: 20,
  routes: [
    { route: '/insert', requests: 20, sent: 40 },
    { route: '/error', requests: 20, sent: 20 },
  ],
};
const QUERIES = 'tachograph.http.server.queries';
const DURATION = 'db.client.operation.duration';
const POINTS = [
  { name: DURATION, count: 30, min: 0.001, max: 0.2 },
  { name: DURATION, count: 20 },
  { name: DURATION, count: 20, 'error.type': '23505' },
  // A route may be spread over windows.
  { name: QUERIES, 'http.route': '/insert', count: 5, min: 2, max: 2 },
  { name: QUERIES, 'http.route': '/insert', count: 15, min: 2, max: 2 },
  { name: QUERIES, 'http.route': '/error', count: 20, min: 1, max: 1 },
  { name: QUERIES, 'http.route': '/warm', count: 60, min: 1, max: 9 },
];

/** The points with one changed. */
const pointsWith = (index: number, change: Record<string, unknown>) =>
  POINTS.map((point, i) => (i === index ? { ...point, ...change } : point));

describe('a run of the matrix', () => {
  it('holds when all queries, those of each request and the errors are the counted ones', () => {
    expect(judge(COUNTS, POINTS)).toEqual({ recorded: 70, errors: 20, wrong: [], isExact: true });
  });

  it.each([
    ['misses a query', pointsWith(0, { count: 29 }), '69 queries recorded, 70 sent'],
    ['counts a query twice', pointsWith(1, { count: 21 }), '71 queries recorded, 70 sent'],
    ['misses an error', pointsWith(2, { 'error.type': undefined }), '0 errors recorded, not 20'],
    [
      'gives a query to no request',
      pointsWith(4, { min: 1 }),
      '/insert: 1 to 2 in 20 requests, not 2 in 20',
    ],
    [
      "gives a query to another's request",
      pointsWith(3, { min: 1, max: 3 }),
      '/insert: 1 to 3 in 20 requests, not 2 in 20',
    ],
    [
      'misses a request',
      pointsWith(5, { count: 19 }),
      '/error: 1 to 1 in 19 requests, not 1 in 20',
    ],
    [
      'knows nothing of a route',
      pointsWith(5, { 'http.route': '/other' }),
      '/error: nothing, not 1 in 20',
    ],
  ])('does not hold when it %s', (_what, points, difference) => {
    expect(judge(COUNTS, points).wrong).toEqual([difference]);
  });

  it('does not hold when the server counted nothing, which shows nothing', () => {
    const counts = { sent: 0, failed: 0, routes: [{ route: '/join', requests: 20, sent: 0 }] };
    const points = [{ name: QUERIES, 'http.route': '/join', count: 20, min: 0, max: 0 }];
    expect(judge(counts, points).wrong).toEqual(['/join: 0 to 0 in 20 requests, not 0 in 20']);
  });
});

describe('the source of an example', () => {
  it('becomes a script that requires what the module imports', () => {
    const source = [
      "import * as a from 'a';",
      "import { b as c, d } from 'b/e';",
      "import { open } from './orm.js';",
      'export async function run() {}',
      'await run();',
    ].join('\n');
    expect(asCommonJs(source)).toBe(
      [
        "const a = require('a');",
        "const { b: c, d } = require('b/e');",
        "const { open } = require('./orm.cjs');",
        'exports.run = run;',
        'async function run() {}',
        '(async () => {',
        'await run();',
        '})();',
      ].join('\n'),
    );
  });
});
