/**
 * What is sent to each example and the route it must be recorded under. A row is
 * [method, path, route, outcome, options?]; the outcome is the status class, or `aborted` when the
 * client goes away before the response is whole.
 */
const json = { headers: { 'content-type': 'application/json' } };
const blocked = { headers: { 'x-blocked': '1' } };
const UNMATCHED = '(unmatched)';
const MIDDLEWARE = '(middleware)';
/** The case in which no route may be made up. */
export const NOWHERE = '404, no route';

const EXPRESS = (files) => [
  ['GET', '/timed', '/timed', '2xx'],
  ['GET', '/', '/', '2xx'],
  ['GET', '/?query=1', '/', '2xx'],
  ['GET', '/users/1', '/users/:id', '2xx'],
  ['GET', '/users/2/', '/users/:id', '2xx'],
  ['HEAD', '/users/3', '/users/:id', '2xx'],
  ['OPTIONS', '/users/3', MIDDLEWARE, '2xx'],
  ['POST', '/users', '/users', '2xx', { ...json, body: '{"a":1}' }],
  ['POST', '/users', '/users', '4xx', { ...json, body: '{' }],
  ['HEAD', '/users', UNMATCHED, '4xx'],
  ['GET', '/list-a/1', '/list-a/:x', '2xx'],
  ['GET', '/list-b/1', '/list-b/:y', '2xx'],
  ['GET', '/number/42', String.raw`/^\/number\/(\d+)$/`, '2xx'],
  ['GET', '/files/a/b.txt', files, '2xx'],
  ['PUT', '/any/1', '/any/:id', '2xx'],
  ['PUT', '/chain/1', '/chain/:id', '2xx'],
  ['GET', '/skip/1', '/skip/:other', '2xx'],
  ['GET', '/slash', '/slash/', '2xx'],
  ['GET', '/public/x.css', MIDDLEWARE, '2xx'],
  ['GET', '/users/1', MIDDLEWARE, '4xx', blocked],
  ['GET', '/api/acme/users/1', '/api/:org/users/:id', '2xx'],
  ['GET', '/api/umbrella/users/2', '/api/:org/users/:id', '2xx'],
  ['GET', '/api/acme/boom/1', '/api/:org/boom/:id', '5xx'],
  ['GET', '/api/acme/reject/1', '/api/:org/reject/:id', '5xx'],
  ['GET', '/api/acme/nothing', UNMATCHED, '4xx'],
  ['GET', '/api/acme/slow/1', '/api/:org/slow/:id', 'aborted', { abort: true }],
  ['GET', '/api/acme/teams/t1/members', '/api/:org/teams/:team/members', '2xx'],
  ['GET', '/api/acme/teams/t1/members/7', '/api/:org/teams/:team/members/:memberId', '2xx'],
  ['GET', '/api/acme/teams/t1/members/banned', '/api/:org/teams/:team/members/:memberId', '4xx'],
  ['GET', '/admin/panel/users', '/admin/panel/:tab', '2xx'],
  ['GET', '/shop/one', '/shop/one', '2xx'],
  ['GET', '/shop/two/1', '/shop/two/:id', '2xx'],
  ['GET', '/wp-login.php', UNMATCHED, '4xx'],
  ['DELETE', '/users/1', UNMATCHED, '4xx'],
  // Refused while it is matched, before any handler.
  ['GET', '/users/%zz', MIDDLEWARE, '4xx'],
];

const FASTIFY = [
  ['GET', '/timed', '/timed', '2xx'],
  ['GET', '/', '/', '2xx'],
  ['GET', '/users/1', '/users/:id', '2xx'],
  ['HEAD', '/users/1', '/users/:id', '2xx'],
  ['GET', '/users/1/', UNMATCHED, '4xx'],
  ['POST', '/users', '/users', '2xx', { ...json, body: '{"name":"a"}' }],
  ['POST', '/users', '/users', '4xx', { ...json, body: '{}' }],
  ['POST', '/users', '/users', '4xx', { ...json, body: '{' }],
  ['OPTIONS', '/users', UNMATCHED, '4xx'],
  ['GET', '/files/a/b.txt', '/files/*', '2xx'],
  ['GET', '/at/12h30m', String.raw`/at/:hour(^\d{2})h:minute(^\d{2})m`, '2xx'],
  ['PUT', '/chain/1', '/chain/:id', '2xx'],
  ['DELETE', '/any/1', '/any/:id', '2xx'],
  ['GET', '/api/acme/users/1', '/api/:org/users/:id', '2xx'],
  ['GET', '/api/acme/boom/1', '/api/:org/boom/:id', '5xx'],
  ['GET', '/api/acme/slow/1', '/api/:org/slow/:id', 'aborted', { abort: true }],
  ['GET', '/api/acme/teams/t/members/1', '/api/:org/teams/:team/members/:id', '4xx'],
  [
    'GET',
    '/api/acme/teams/t/members/1',
    '/api/:org/teams/:team/members/:id',
    '2xx',
    { headers: { authorization: 'x' } },
  ],
  ['GET', '/admin/panel/users', '/admin/panel/:tab', '4xx'],
  ['GET', '/wp-login.php', UNMATCHED, '4xx'],
];

const KOA = [
  ['GET', '/timed', '/timed', '2xx'],
  ['GET', '/', '/', '2xx'],
  ['GET', '/users/1', '/users/:id', '2xx'],
  ['GET', '/users/me', '/users/me', '2xx'],
  ['HEAD', '/users/1', '/users/:id', '2xx'],
  ['OPTIONS', '/users/1', MIDDLEWARE, '2xx'],
  ['DELETE', '/users/1', MIDDLEWARE, '4xx'],
  ['POST', '/users', '/users', '2xx'],
  ['GET', '/list-a/1', '/list-a/:x', '2xx'],
  ['GET', '/list-b/1', '/list-b/:y', '2xx'],
  ['GET', '/number/42', String.raw`/^\/number\/(\d+)$/`, '2xx'],
  ['PUT', '/any/1', '/any/:id', '2xx'],
  ['GET', '/files/a/b.txt', '/files/*path', '2xx'],
  ['GET', '/public', MIDDLEWARE, '2xx'],
  ['GET', '/api/acme/users/1', '/api/:org/users/:id', '2xx'],
  ['GET', '/api/acme/users/1', '/api/:org/users/:id', '4xx', blocked],
  ['GET', '/api/acme/boom/1', '/api/:org/boom/:id', '5xx'],
  ['GET', '/api/acme/slow/1', '/api/:org/slow/:id', 'aborted', { abort: true }],
  ['GET', '/api/acme/teams/t/members', '/api/:org/teams/:team/members', '2xx'],
  ['GET', '/api/acme/teams/t/members/1', '/api/:org/teams/:team/members/:id', '2xx'],
  ['GET', '/wp-login.php', UNMATCHED, '4xx'],
];

const HONO = [
  ['GET', '/timed', '/timed', '2xx'],
  ['GET', '/', '/', '2xx'],
  ['GET', '/alone', '/alone', '2xx'],
  ['GET', '/alone/1', '/alone/:id', '2xx'],
  ['GET', '/users/1', '/users/:id{[0-9]+}', '2xx'],
  ['HEAD', '/users/1', '/users/:id{[0-9]+}', '2xx'],
  ['GET', '/users/ann', '/users/:name', '2xx'],
  ['GET', '/users/ann/', UNMATCHED, '4xx'],
  ['OPTIONS', '/users/1', UNMATCHED, '4xx'],
  ['POST', '/users', '/users', '2xx', { ...json, body: '{}' }],
  ['PUT', '/list-a/1', '/list-a/:x', '2xx'],
  ['GET', '/list-b/1', '/list-b/:y', '2xx'],
  ['DELETE', '/any/1', '/any/:id', '2xx'],
  ['GET', '/files/a/b.txt', '/files/*', '2xx'],
  ['GET', '/public/x.css', MIDDLEWARE, '2xx'],
  ['GET', '/api/acme/users/1', '/api/:org/users/:id', '2xx'],
  ['GET', '/api/acme/users/1', MIDDLEWARE, '4xx', blocked],
  ['GET', '/api/acme/boom/1', '/api/:org/boom/:id', '5xx'],
  ['GET', '/api/acme/slow/1', '/api/:org/slow/:id', 'aborted', { abort: true }],
  ['GET', '/api/acme/teams/t/members', '/api/:org/teams/:team/members', '2xx'],
  ['GET', '/api/acme/teams/t/members/1', '/api/:org/teams/:team/members/:id', '2xx'],
  ['GET', '/api/acme/nothing', UNMATCHED, '4xx'],
  ['GET', '/shop/items/7', '/shop/items/:item', '2xx'],
  ['GET', '/shop/nothing', UNMATCHED, '4xx'],
  ['GET', '/twice/7', '/twice/:id', '2xx'],
  ['GET', '/wp-login.php', UNMATCHED, '4xx'],
];

const NEST = [
  ['GET', '/api/v1/timed/1', '/api/v1/timed/:id', '2xx'],
  ['GET', '/api/v1/users', '/api/v1/users', '2xx'],
  ['GET', '/api/v1/users/1', '/api/v1/users/:id', '2xx'],
  ['HEAD', '/api/v1/users/1', '/api/v1/users/:id', '2xx'],
  ['POST', '/api/v1/users', '/api/v1/users', '2xx', { ...json, body: '{}' }],
  ['GET', '/api/v2/users/1', UNMATCHED, '4xx'],
  ['GET', '/api/v1/teams/t/members/1', '/api/v1/teams/:team/members/:id', '2xx'],
  ['GET', '/api/v2/teams/t/members/1', '/api/v2/teams/:team/members/:id', '2xx'],
  ['GET', '/api/v1/teams/t/secret/1', '/api/v1/teams/:team/secret/:id', '4xx'],
  ['GET', '/api/v1/teams/t/boom/1', '/api/v1/teams/:team/boom/:id', '5xx'],
  ['GET', '/api/v1/teams/t/slow/1', '/api/v1/teams/:team/slow/:id', 'aborted', { abort: true }],
  ['GET', '/wp-login.php', UNMATCHED, '4xx'],
];
const NEST_BLOCKED = ['GET', '/api/v1/users/1'];

const RESTIFY = [
  ['GET', '/timed', '/timed', '2xx'],
  ['GET', '/', '/', '2xx'],
  ['GET', '/users/1', '/users/:id', '2xx'],
  ['HEAD', '/users/1', '/users/:id', '2xx'],
  ['POST', '/users', '/users', '2xx'],
  ['DELETE', '/users/1', MIDDLEWARE, '4xx'],
  ['GET', '/files/a/b.txt', '/files/*', '2xx'],
  ['GET', '/users/1', MIDDLEWARE, '4xx', blocked],
  ['GET', '/api/acme/users/1', '/api/:org/users/:id', '2xx'],
  ['GET', '/api/acme/boom/1', '/api/:org/boom/:id', '5xx'],
  ['GET', '/api/acme/slow/1', '/api/:org/slow/:id', 'aborted', { abort: true }],
  ['GET', '/wp-login.php', UNMATCHED, '4xx'],
];

const PLAIN = [
  ['GET', '/', '/', '2xx'],
  ['GET', '/users/42?page=2', '/users/:int', '2xx'],
  ['HEAD', '/users/43', '/users/:int', '2xx'],
  ['POST', '/orders/0b0a1a52-3c0d-4a53-9c51-7a4d4a1b2c3d', '/orders/:uuid', '2xx', { body: 'x' }],
  ['GET', '/missing/1', UNMATCHED, '4xx'],
  ['GET', '/boom/1', '/boom/:int', '5xx'],
  ['GET', '/slow/1', '/slow/:int', 'aborted', { abort: true }],
];

/**
 * What of the rows above shows which case of the table (cases.js), as `METHOD route outcome`. A framework
 * without routers or middleware has no such case.
 */
const casesOf = (template, mounted, at) => ({
  'route template': `GET ${template} 2xx`,
  ...(mounted && { 'mounted, parameters': `GET ${mounted} 2xx` }),
  'error path': `GET ${at}/boom/:id 5xx`,
  [NOWHERE]: `GET ${UNMATCHED} 4xx`,
  aborted: `GET ${at}/slow/:id aborted`,
});
const TEAMS = '/api/:org/teams/:team/members';
const PLAIN_CASES = {
  'route template': 'GET /users/:int 2xx',
  'error path': 'GET /boom/:int 5xx',
  [NOWHERE]: `GET ${UNMATCHED} 4xx`,
  aborted: 'GET /slow/:int aborted',
};
/** A middleware of 20 ms, by the name it is recorded under; others may call it, too, and let it pass at once. */
const takes20ms = (name, { isAlone = true, isRebound = false } = {}) => ({
  name,
  msMin: 20,
  isAlone,
  isRebound,
});
/** Recorded where the loading of modules can be hooked. */
const NEST_TIMED = ['SlowGuard', 'SlowPipe', 'SlowInterceptor'].map((name) =>
  takes20ms(name, { isRebound: true }),
);
const NEST_CASES = casesOf(
  '/api/v1/users/:id',
  `/api/v1${TEAMS.slice(9)}/:id`,
  '/api/v1/teams/:team',
);
const BOTH = ['esm', 'cjs'];

/**
 * `loads`: how the example may be loaded. `nodeMajorMax`: newest runtime on which the framework
 * itself starts. `client`: what speaks to it. `timed`: its middleware of a known time.
 */
export const EXPECTED = {
  'plain-http': { loads: BOTH, client: 'http', pipelined: true, rows: PLAIN, cases: PLAIN_CASES },
  'plain-https': { loads: BOTH, client: 'https', rows: PLAIN, cases: PLAIN_CASES },
  'plain-http2': { loads: BOTH, client: 'http2', rows: PLAIN, cases: PLAIN_CASES },
  'express-4': {
    loads: BOTH,
    client: 'http',
    rows: EXPRESS('/files/*'),
    cases: casesOf('/users/:id', `${TEAMS}/:memberId`, '/api/:org'),
    timed: [takes20ms('takes20ms')],
  },
  'express-5': {
    loads: BOTH,
    client: 'http',
    rows: EXPRESS('/files/*path'),
    cases: casesOf('/users/:id', `${TEAMS}/:memberId`, '/api/:org'),
    timed: [takes20ms('takes20ms')],
  },
  fastify: {
    loads: BOTH,
    client: 'http',
    rows: FASTIFY,
    cases: casesOf('/users/:id', `${TEAMS}/:id`, '/api/:org'),
    timed: [takes20ms('preHandler takes20ms')],
  },
  'fastify-http2': {
    loads: BOTH,
    client: 'http2',
    rows: [
      ['GET', '/timed', '/timed', '2xx'],
      ['GET', '/users/1', '/users/:id', '2xx'],
      ['GET', '/teams/t/members/1', '/teams/:team/members/:id', '2xx'],
      ['GET', '/boom/1', '/boom/:id', '5xx'],
      ['GET', '/slow/1', '/slow/:id', 'aborted', { abort: true }],
      ['GET', '/wp-login.php', UNMATCHED, '4xx'],
    ],
    cases: casesOf('/users/:id', '/teams/:team/members/:id', ''),
    timed: [takes20ms('preHandler takes20ms')],
  },
  koa: {
    loads: BOTH,
    client: 'http',
    rows: KOA,
    cases: casesOf('/users/:id', `${TEAMS}/:id`, '/api/:org'),
    timed: [takes20ms('takes20ms')],
  },
  'koa-bare': {
    loads: BOTH,
    client: 'http',
    rows: [
      ['GET', '/users/1', '/users/:int', '2xx'],
      ['GET', '/missing', UNMATCHED, '4xx'],
    ],
    cases: { 'route template': 'GET /users/:int 2xx', [NOWHERE]: `GET ${UNMATCHED} 4xx` },
  },
  hono: {
    loads: BOTH,
    client: 'http',
    rows: HONO,
    cases: casesOf('/users/:name', `${TEAMS}/:id`, '/api/:org'),
    timed: [takes20ms('takes20ms')],
  },
  'nest-express': {
    loads: ['esm'],
    client: 'http',
    rows: [...NEST, [...NEST_BLOCKED, MIDDLEWARE, '4xx', blocked]],
    cases: NEST_CASES,
    timed: [takes20ms('takes20ms', { isAlone: false }), ...NEST_TIMED],
  },
  'nest-fastify': {
    loads: ['esm'],
    client: 'http',
    // Fastify has matched before its middleware runs.
    rows: [...NEST, [...NEST_BLOCKED, '/api/v1/users/:id', '4xx', blocked]],
    cases: NEST_CASES,
    timed: [takes20ms('onRequest takes20ms', { isAlone: false }), ...NEST_TIMED],
  },
  restify: {
    loads: BOTH,
    client: 'http',
    nodeMajorMax: 23,
    rows: RESTIFY,
    cases: casesOf('/users/:id', '/api/:org/users/:id', '/api/:org'),
    timed: [takes20ms('takes20ms', { isAlone: false })],
  },
};
