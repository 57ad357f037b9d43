/** What is done with frameworks: middleware, a route with a parameter, JSON. Counted are requests by route. */
const ROUTED = 'http.server.request.duration';
const MIDDLEWARE = 'tachograph.middleware.duration';
const JSON_MADE = 'tachograph.serialization.duration';
const VALIDATIONS = 'tachograph.validation.duration';

/** Hands a request over to a framework's listener, until it is answered. */
const through = (listener) => (request, response) =>
  new Promise((resolve) => {
    response.once('finish', resolve);
    listener(request, response);
  });

async function express({ load, whole }) {
  const framework = whole(await load('express'));
  const app = framework();
  app.use(function first(_request, _response, next) {
    next();
  });
  app.get('/:id', (_request, response) => response.json({ a: 1 }));
  // Its own `query` and `expressInit` are middleware, too.
  return { perRequest: { [ROUTED]: 1, [MIDDLEWARE]: 3, [JSON_MADE]: 1 }, work: through(app) };
}

async function koa({ load, whole }) {
  const Koa = whole(await load('koa'));
  const Router = whole(await load('@koa/router'));
  const app = new Koa();
  const router = new Router();
  router.get('/:id', (context) => {
    context.body = { a: 1 };
  });
  app.use(async function first(_context, next) {
    await next();
  });
  app.use(router.routes());
  return {
    perRequest: { [ROUTED]: 1, [MIDDLEWARE]: 1, [JSON_MADE]: 1 },
    work: through(app.callback()),
  };
}

async function fastifyOf(hooks, { load, whole }) {
  const framework = whole(await load('fastify'));
  const app = (framework.fastify ?? framework)();
  app.addHook('onRequest', function first(_request, _reply, next) {
    next();
  });
  const properties = { id: { type: 'string' } };
  const response = { 200: { type: 'object', properties: { a: { type: 'number' } } } };
  const schema = { params: { type: 'object', properties }, response };
  app.get('/:id', { schema }, (_request, reply) => reply.send({ a: 1 }));
  await app.ready();
  return {
    perRequest: { [ROUTED]: 1, [JSON_MADE]: 1, ...hooks },
    work: through((request, answer) => app.server.emit('request', request, answer)),
  };
}

async function honoOf(layers, { load }) {
  const { Hono } = await load('hono');
  const { getRequestListener } = await load('@hono/node-server');
  const app = new Hono();
  app.use('*', async function first(_context, next) {
    await next();
  });
  app.get('/:id', (context) => context.json({ a: 1 }));
  return { perRequest: { [ROUTED]: 1, ...layers }, work: through(getRequestListener(app.fetch)) };
}

export const WORK = {
  express,
  koa,
  fastify: (terms) => fastifyOf({ [MIDDLEWARE]: 1, [VALIDATIONS]: 1 }, terms),
  'fastify, schemas': (terms) => fastifyOf({ [VALIDATIONS]: 1 }, terms),
  'fastify, routes': (terms) => fastifyOf({}, terms),
  hono: (terms) => honoOf({ [MIDDLEWARE]: 1, [JSON_MADE]: 1 }, terms),
  'hono, routes': (terms) => honoOf({}, terms),
};
